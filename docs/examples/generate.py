"""Continues a prompt over HTTP and prints the text as it comes; needs nothing but Python.

python3 docs/examples/generate.py http://127.0.0.1:8080 "In the beginning"
"""
import json
import sys
import urllib.request

base, prompt = sys.argv[1:]

with urllib.request.urlopen(base + "/v1/models", timeout=60) as response:
    model = json.load(response)["data"][0]["id"]

request = urllib.request.Request(
    base + "/v1/completions",
    data=json.dumps({"model": model, "prompt": prompt, "max_tokens": 16, "temperature": 0, "stream": True}).encode(),
    headers={"Content-Type": "application/json"},
)
with urllib.request.urlopen(request, timeout=60) as events:
    for line in events:
        if not line.startswith(b"data: "):
            continue
        event = line[len(b"data: "):].strip()
        if event == b"[DONE]":
            break
        for choice in json.loads(event)["choices"]:
            print(choice["text"], end="", flush=True)
print()
