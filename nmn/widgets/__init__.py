"""Widgets that run in a live kernel and on a static page alike: one folder each, named as its module.

A folder NAME holds the class (`__init__.py`), the JavaScript (`NAME.js`) and the still picture (`still.py`);
its tests are `tests/widgets/test_NAME.py` and `tests/site/widgets/test_NAME.py`. A widget is imported from
its folder, so that a page depends on those that it shows and on no other.
"""
