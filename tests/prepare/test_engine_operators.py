"""The table of operators that the engine's front-end takes (prepare/engine_operators.cc), held against the engine."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import onnx

TABLE = Path(__file__).resolve().parents[2] / "prepare" / "engine_operators.cc"
NAMES = {"kOnnx": "", "kOnnxMl": "ai.onnx.ml", "kMicrosoft": "com.microsoft", "kMmdeploy": "mmdeploy", "kOpenVino": "org.openvinotoolkit"}
# Taken where the front-end can fold them away; alone they are not.
SEQUENCES = {"ConcatFromSequence", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert",
             "SequenceLength", "SplitToSequence"}

# Asks the front-end about operators [domain, name] from standard input; each answer is a line. It may crash on a node
# without its inputs: then the operator is known, and the rest is asked again.
PROBE = """
import json, sys
import onnx, openvino
core = openvino.Core()
for domain, name in json.load(sys.stdin):
    node = onnx.helper.make_node(name, ["x"], ["y"], domain=domain)
    value = lambda n, s: onnx.helper.make_tensor_value_info(n, 1, s)
    graph = onnx.helper.make_graph([node], "g", [value("x", [1, 2, 3, 4])], [value("y", None)])
    imports = [onnx.helper.make_opsetid("", 21)] + ([onnx.helper.make_opsetid(domain, 1)] if domain else [])
    model = onnx.helper.make_model(graph, opset_imports=imports, ir_version=10)
    known = True
    try:
        core.read_model(model.SerializeToString())
    except Exception as error:
        known = "No conversion rule" not in str(error)
    print(json.dumps([domain, name, known]), flush=True)
"""


def table():
    found = set()
    for array, names in re.findall(r"string_view (k\w+)\[\] = \{(.*?)\};", TABLE.read_text(), re.S):
        found |= {(NAMES[array], name) for name in re.findall(r'"(\w+)"', names)}
    return found


def taken(operators):
    """Those of the operators that the front-end takes."""
    operators, known = sorted(operators), set()
    while operators:
        with tempfile.TemporaryFile("w+") as answers:  # no pipe, which a child that outlives the crash would hold open
            subprocess.run([sys.executable, "-c", PROBE], input=json.dumps(operators), text=True, stdout=answers,
                           stderr=subprocess.DEVNULL)
            answers.seek(0)
            lines = [json.loads(line) for line in answers]
        known |= {(domain, name) for domain, name, is_known in lines if is_known}
        if len(lines) == len(operators):
            break
        known.add(tuple(operators[len(lines)]))
        operators = operators[len(lines) + 1 :]
    return known


def test_the_engine_takes_what_the_table_says():
    listed = table()
    assert len(listed) > 200
    assert taken(listed) >= {(domain, name) for domain, name in listed if name not in SEQUENCES}


def test_the_table_misses_no_operator_of_onnx():
    every = {(schema.domain, schema.name) for schema in onnx.defs.get_all_schemas_with_history()}
    assert taken(every) <= table()
