"""What was dropped on a page: held in memory by Streamlit until it is let go."""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def let_go() -> None:
    """Free the memory of this session's files, which are on the disk by now; else it stays with the tab."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
