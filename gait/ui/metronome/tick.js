export default function (component) {
  const { parentElement, data } = component;
  const button = parentElement.querySelector("button");
  const input = parentElement.querySelector("input");
  const light = parentElement.querySelector("span");
  if (!input.value) input.value = data.spm;
  let sound = null, timer = null, next = 0;
  const stop = () => {
    clearInterval(timer); timer = null; light.className = "";
    if (sound) { sound.close(); sound = null; }
    button.textContent = "Start the beat"; button.setAttribute("aria-pressed", "false");
  };
  const click = (at) => {
    const tone = sound.createOscillator(), loud = sound.createGain();
    tone.frequency.value = 1000; tone.connect(loud); loud.connect(sound.destination);
    loud.gain.setValueAtTime(0.5, at); loud.gain.exponentialRampToValueAtTime(0.001, at + 0.06);
    tone.start(at); tone.stop(at + 0.07);
  };
  const ahead = () => {
    const step = 60 / Math.min(240, Math.max(100, Number(input.value) || data.spm));
    while (next < sound.currentTime + 0.25) {
      click(next);
      setTimeout(() => { light.className = "on"; setTimeout(() => (light.className = ""), 90); },
        Math.max(0, 1000 * (next - sound.currentTime)));
      next += step;
    }
  };
  button.onclick = () => {
    if (timer) return stop();
    sound = new AudioContext(); next = sound.currentTime + 0.1;
    timer = setInterval(ahead, 60);
    button.textContent = "Stop the beat"; button.setAttribute("aria-pressed", "true");
  };
  return () => { if (!parentElement.isConnected && timer) stop(); };
}
