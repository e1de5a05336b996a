"""What was dropped on a page: held in memory by Streamlit until it is let go."""

from collections.abc import Sequence

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def let_go(uploads: Sequence[UploadedFile]) -> None:
    """Free the memory of files that are on the disk by now; else it is kept as long as the tab is open."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        for upload in uploads:
            context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)
