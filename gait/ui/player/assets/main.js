// Streamlit calls the default function at every run of the page that touches the player. One player lives
// as long as its place in the page does.

import { Player } from "./player.js";

const players = new WeakMap();

export default function mount({ parentElement, data, setStateValue }) {
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(parentElement);
    players.set(parentElement, player);
  }
  player.send = setStateValue;
  player.update(data);
  // A clean-up that belongs to an earlier call can come while the player lives on.
  return () => {
    setTimeout(() => {
      if (parentElement.isConnected) return;
      player.destroy();
      players.delete(parentElement);
    });
  };
}
