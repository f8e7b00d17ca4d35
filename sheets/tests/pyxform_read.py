"""Reads forms with pyxform and prints what it understood of each, one JSON object for all files.

Usage: pyxform_read.py FILE...   The keys of the result are the files.
"""

import json
import sys

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import parse_file_to_json
from pyxform.xls2xform import convert


def texts(value, language):
    """Texts by language, whether the form has languages or not."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    return {language: value}


def logic(value):
    return aliases.BINDING_CONVERSIONS.get(value, value)


def node(row, parent, language):
    bind, control = row.get("bind", {}), row.get("control", {})
    kind = row["type"]
    known = QUESTION_TYPE_DICT.get(kind, {})
    path = f"{parent}/{row['name']}" if parent else row["name"]
    parameters = row.get("parameters", {})
    out = {
        "path": path,
        "type": kind,
        "control": kind if kind in {"group", "repeat"} else known.get("control", {}).get("tag", ""),
        "bind": "" if kind in {"group", "repeat"} else bind.get("type", known.get("bind", {}).get("type", "")),
        "label": texts(row.get("label"), language),
        "hint": texts(row.get("hint"), language),
        "guidance": texts(row.get("guidance_hint"), language),
        "relevant": logic(bind.get("relevant")),
        "constraint": logic(bind.get("constraint")),
        "required": logic(bind.get("required")),
        "calculate": logic(bind.get("calculate")),
        "readonly": logic(bind.get("readonly")),
        "constraint_message": texts(bind.get("jr:constraintMsg"), language),
        "required_message": texts(bind.get("jr:requiredMsg"), language),
        "appearance": control.get("appearance"),
        "count": control.get("jr:count"),
        "default": row.get("default"),
        "dynamic": bool(row.get("_dynamic_default")),
        "list": row.get("itemset"),
        "filter": row.get("choice_filter"),
        "media": {name: texts(value, language) for name, value in row.get("media", {}).items()},
        "parameters": parameters if isinstance(parameters, dict) else {},
    }
    nodes = [out]
    for child in row.get("children", []):
        nodes.extend(node(child, path, language))
    return nodes


def choice(option, language):
    known = {"name", "label", "media"}
    return {
        "name": option["name"],
        "label": texts(option.get("label"), language),
        "columns": {key: value for key, value in option.items() if key not in known},
    }


def read(path):
    warnings = []
    try:
        convert(path, validate=False, warnings=warnings)
        form = parse_file_to_json(path)
    except Exception as error:  # whatever it is, the file was not accepted
        return {"error": f"{type(error).__name__}: {error}"}
    language = form["default_language"]
    nodes = []
    for row in form["children"]:
        if row["name"] != "meta":
            nodes.extend(node(row, "", language))
    return {
        "title": form["title"],
        "id": form["id_string"],
        "version": form.get("version", ""),
        "language": language,
        "nodes": nodes,
        "lists": {name: [choice(option, language) for option in options] for name, options in form.get("choices", {}).items()},
        "warnings": warnings,
    }


print(json.dumps({path: read(path) for path in sys.argv[1:]}, ensure_ascii=False))
