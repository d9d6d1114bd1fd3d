"""Reads patient graphs with independent readers: networkx, lxml with a grammar of its own, rdflib, pyld. Prints what it found as JSON."""

import json
import sys

# the structure GraphML's schema asks for, with the parts a patient graph uses
GRAMMAR = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://graphml.graphdrawing.org/xmlns"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="graphml">
    <optional><attribute name="schemaLocation" ns="http://www.w3.org/2001/XMLSchema-instance"/></optional>
    <zeroOrMore><element name="key">
      <attribute name="id"><data type="NMTOKEN"/></attribute>
      <attribute name="for"><choice><value>graph</value><value>node</value><value>edge</value></choice></attribute>
      <attribute name="attr.name"><data type="NMTOKEN"/></attribute>
      <attribute name="attr.type"><choice><value>string</value><value>double</value><value>boolean</value><value>int</value></choice></attribute>
    </element></zeroOrMore>
    <element name="graph">
      <attribute name="id"><data type="NMTOKEN"/></attribute>
      <attribute name="edgedefault"><value>directed</value></attribute>
      <zeroOrMore><choice>
        <ref name="data"/>
        <element name="node"><attribute name="id"><data type="NMTOKEN"/></attribute><zeroOrMore><ref name="data"/></zeroOrMore></element>
        <element name="edge">
          <attribute name="id"><data type="NMTOKEN"/></attribute>
          <attribute name="source"><data type="NMTOKEN"/></attribute>
          <attribute name="target"><data type="NMTOKEN"/></attribute>
          <zeroOrMore><ref name="data"/></zeroOrMore>
        </element>
      </choice></zeroOrMore>
    </element>
  </element></start>
  <define name="data"><element name="data"><attribute name="key"><data type="NMTOKEN"/></attribute><text/></element></define>
</grammar>"""


def with_networkx(path):
    import networkx

    graph = networkx.read_graphml(path, force_multigraph=True)
    return {
        "directed": graph.is_directed(),
        "graph": graph.graph,
        "nodes": [[node, dict(data)] for node, data in graph.nodes(data=True)],
        "edges": [[a, b, dict(data)] for a, b, data in graph.edges(data=True)],
    }


def with_lxml(path):
    from lxml import etree

    tree = etree.parse(path)
    grammar = etree.RelaxNG(etree.fromstring(GRAMMAR))
    ids = tree.xpath("//@id")
    declared = set(tree.xpath("//*[local-name()='key']/@id"))
    used = set(tree.xpath("//*[local-name()='data']/@key"))
    return {
        "valid": grammar.validate(tree),
        "log": str(grammar.error_log)[:500],
        "unique": len(set(ids)) == len(ids),
        "undeclared": sorted(used - declared),
    }


def with_rdflib(path):
    import rdflib

    graph = rdflib.Graph()
    graph.parse(path, format="json-ld")
    terms = "urn:msdt:graph#"
    types = graph.query(
        "SELECT ?kind (COUNT(DISTINCT ?n) AS ?count) WHERE { ?n a ?kind } GROUP BY ?kind"
    )
    reached = graph.query(
        f"SELECT DISTINCT ?f WHERE {{ ?f a <{terms}Feature> . ?f (<{terms}gives>|<{terms}describes>|<{terms}drives>)+ ?o . ?o a <{terms}Outcome> }}"
    )
    weights = graph.query(
        f"SELECT (SUM(?w) AS ?sum) WHERE {{ ?e a <{terms}Edge> ; <{terms}type> 'drives' ; <{terms}weight> ?w }}"
    )
    codes = graph.query(
        "SELECT ?code WHERE { ?n <https://schema.org/code> [ <https://schema.org/codeValue> ?code ] }"
    )
    return {
        "types": {str(kind): int(count) for kind, count in types},
        "features": sorted(str(row[0]) for row in reached),
        "drives": float(list(weights)[0][0]),
        "codes": sorted(str(row[0]) for row in codes),
        "subjects": len(set(graph.subjects())),
    }


def with_pyld(path):
    from pyld import jsonld

    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    [expanded] = jsonld.expand(document)
    terms = "urn:msdt:graph#"
    nodes = expanded[terms + "nodes"][0]["@list"]
    edges = expanded[terms + "edges"][0]["@list"]
    again = jsonld.compact(expanded, document["@context"])
    return {
        "nodes": [node["@id"] for node in nodes],
        "edges": [[edge[terms + "from"][0]["@id"], edge[terms + "to"][0]["@id"]] for edge in edges],
        "names": [node["https://schema.org/name"][0]["@value"] for node in nodes],
        "same": again == document,
    }


print(json.dumps(globals()["with_" + sys.argv[1]](sys.argv[2])))
