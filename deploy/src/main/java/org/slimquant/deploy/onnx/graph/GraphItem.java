package org.slimquant.deploy.onnx.graph;

/** A part of a graph that has a name: a node, or a constant that nodes read. */
sealed interface GraphItem permits OnnxNode, OnnxConstant {

  /** Returns the name that the item would have if no other item had it. */
  String wantedName();

  /** Returns the name of the item, which no other item has. */
  String name();
}
