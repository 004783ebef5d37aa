package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;

/**
 * A constant of a graph.
 *
 * @param wantedName the name that it would have if no other item had it
 * @param name its name
 * @param unnamed its type, shape and elements
 */
record OnnxConstant(String wantedName, String name, TensorProto unnamed) implements GraphItem {

  /** Returns the same constant under another name. */
  OnnxConstant withName(String other) {
    return new OnnxConstant(wantedName, other, unnamed);
  }

  TensorProto toProto() {
    return unnamed.toBuilder().setName(name).build();
  }
}
