"""How many examples the longest property tests take: a tenth, or all with CONVCALC_EXAMPLES=all."""

import os


def examples(all_of_them: int) -> int:
    """The number to try: the gate has minutes, a release has the time for all."""
    return all_of_them if os.environ.get("CONVCALC_EXAMPLES") == "all" else all_of_them // 10
