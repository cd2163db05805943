"""The HTTP interface and the pages. The only package that imports fastapi and gradio."""
