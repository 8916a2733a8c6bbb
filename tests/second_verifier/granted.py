"""Does each row serve a line, name its candidate, and show only what the line grants? (evidence.md, "What a line grants")"""
from canonical import PROTOCOLS, instant

IDENTITY = {"surname": "surname", "first_name": "first_name", "birth": "birth", "company_name": "company_name",
            "postal_address": "postal_address", "email": "emails", "phone": "phones"}
ACCOUNT = {"identifier_used": "identifier_used", "pseudonyms": "pseudonyms", "payment": "payment"}
PASSWORD = {"password_verification": "password_verification"}
CONNECTION = {"source_ip", "source_port", "connection_time"}
HOLDER = {"nat_event": "subscriber", "access_session": "subscriber", "activity": "account", "account": "account",
          "identity": "holder"}


def number(proto):
    return PROTOCOLS[proto] if proto in PROTOCOLS else int(proto)


def covers(event, tuple_):
    if event.get("public_ip") != tuple_["ip"]:
        return False
    if "proto" in event and number(event["proto"]) != number(tuple_["proto"]):
        return False
    if "port_first" in event:
        first = event["port_first"]
        return (first <= tuple_["port"] <= event.get("port_last", first)
                and (tuple_["port"] - first) % max(event.get("port_step", 1), 1) == 0)
    return event.get("public_port", tuple_["port"]) == tuple_["port"]


def allowed(line, kind, record):
    items = {item["item"] for item in line["items"]}
    if kind in ("account", "identity"):
        table = IDENTITY if kind == "identity" else PASSWORD if "password_verification" in record else ACCOUNT
        granted = {face for item, face in table.items() if item in items}
        return granted | {"head"} if granted else set()
    if kind == "activity":
        return allowed_event(line, record, bool(items & CONNECTION))
    tuple_ = line["subject"].get("tuple")
    if kind == "nat_event" and tuple_ and not covers(record, tuple_):
        return set()
    return {"what", "who"} | ({"rest"} if kind == "nat_event" and "end_at" in record else set())


def allowed_event(line, event, connection):
    message = line["subject"].get("message")
    named = message is not None and event.get("message") == message
    if named and not {"source_ip", "source_port"} & set(event):
        return {"what", "who"}
    asked = ((not line["events"] or event["event"] in line["events"])
             and instant(line["period"]["from"]) <= instant(event["at"]) < instant(line["period"]["to"])
             and (message is None or event.get("message", message) == message))
    if connection and asked:
        return {"what", "who"}
    return {"who"} if named else set()


def ties(line, kind, record):
    subject = line["subject"]
    if "message" in subject:
        return kind == "activity" and record.get("message") == subject["message"]
    if "tuple" in subject:
        return kind == "nat_event" and covers(record, subject["tuple"])
    for key in ("account", "subscriber"):
        if key in subject:
            return record.get(HOLDER.get(kind, "")) == subject[key]
    return True


def check_answer(answer, line, rows, granted):
    """Failures of one answer; adds to `granted` what its line lets each row show."""
    failures, place = [], f"disclosure.json: line {line['id']}"
    count = len(answer["candidates"])
    fits = {"unique": count == 1, "ambiguous": count > 1, "log_gap": count < 2}.get(answer["certainty"], count == 0)
    if not fits:
        failures.append(f"{place}: says {answer['certainty']} and names {count} candidate(s)")
    for candidate in answer["candidates"]:
        name, tied = candidate["name"], False
        named = name in ("", *(value for value in line["subject"].values() if isinstance(value, str)))
        for support in candidate["supports"]:
            if support["row"] not in rows:
                failures.append(f"{place} refers to {support['row']}, which is not in the package")
                continue
            kind, record = rows[support["row"]]
            granted.setdefault(support["row"], set()).update(allowed(line, kind, record))
            tied = tied or ties(line, kind, record)
            holder = record.get(HOLDER.get(kind, ""), "")
            named = named or holder == name
            if holder and holder != name:
                failures.append(f"{support['row']}: is of another holder than its candidate")
        if not named:
            failures.append(f"{place}: no row names the candidate")
        if not tied:
            failures.append(f"{place}: no row ties the candidate to the line's subject")
    return failures
