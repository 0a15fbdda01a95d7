"""The benchmark: what the program is allowed to cost, measured on the real program.

It is run by hand (``python tests/benchmarks/run.py``) and never by pytest: a machine that is busy
with something else would fail a test for nothing.

Beside what it costs, `benchmarks.pace` measures how good the expected finish is.
"""
