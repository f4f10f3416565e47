"""What only a published copy knows: its repository, hence its Binder button and address.

`GITHUB_REPOSITORY` ("owner/name") is set where GitHub builds the pages. A local build has
no repository to point to, and shows no button that leads nowhere.
"""

import os
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config


def _point_to_repository(app: Sphinx, config: Config) -> None:
    owner, _, name = os.environ.get("GITHUB_REPOSITORY", "").partition("/")
    if not name:
        return
    config.html_theme_options |= {
        "repository_url": f"https://github.com/{owner}/{name}",
        "repository_branch": "main",
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
    }
    config["ogp_site_url"] = f"https://{owner}.github.io/{name}/"


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", _point_to_repository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
