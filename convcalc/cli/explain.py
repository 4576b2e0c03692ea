"""`--explain` and `--answer` of `params`, in the format asked for."""

from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.present.streams import console, write


def print_explained(layer: ConvLayer, dtype: str, format: str) -> None:
    """Print the derivation; raise BadRequest for CSV, whose rows are counts."""
    if format == "csv":
        raise BadRequest(
            "format",
            format,
            "has rows of counts and no place for an argument",
            "give table, json, markdown or latex with --explain",
        )
    if format == "latex":
        from convcalc.present.text.latex import explained_in_latex

        write(explained_in_latex(layer, dtype))
        return
    from convcalc.present.screens import explanation

    if format == "table":
        explanation.print_explained_layer(console(), layer, dtype)
    elif format == "json":
        from convcalc.present.text.record import layer_record, to_json

        record = layer_record(layer, dtype) | explanation.derivation_record(layer, dtype)
        write(to_json(record))
    else:
        write(explanation.explained_in_markdown(layer, dtype))


def print_judged(layer: ConvLayer, answer: str, dtype: str, format: str, explain: bool) -> None:
    """Print what an answer is, and the derivation if asked for.

    Raises BadRequest for an answer or a format that cannot be.
    """
    from convcalc.arithmetic.answers.judging import judge, read_answer

    if format not in ("table", "json"):
        problem = "is not a format that answers are judged in"
        raise BadRequest("format", format, problem, "give table or json with --answer")
    verdict = judge(layer, read_answer(answer), dtype)
    from convcalc.present.screens.explanation import derivation_record, print_explanation
    from convcalc.present.screens.verdict import print_verdict, verdict_record

    if format == "table":
        print_verdict(console(), layer, verdict)
        if explain:
            write("")
            print_explanation(console(), layer, dtype)
    else:
        from convcalc.present.text.record import layer_record, to_json

        derived = derivation_record(layer, dtype) if explain else {}
        write(to_json(layer_record(layer, dtype) | derived | verdict_record(verdict)))
