package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A node of a graph. It has the name of its output.
 *
 * @param wantedName the name that it would have if no other item had it
 * @param type its ONNX op
 * @param output the value that it computes
 * @param inputs the names of the values and constants that it reads; "" for an input that is absent
 */
record OnnxNode(
    String wantedName,
    String type,
    Value output,
    List<String> inputs,
    List<AttributeProto> attributes)
    implements GraphItem {

  OnnxNode {
    inputs = List.copyOf(inputs);
    attributes = List.copyOf(attributes);
  }

  @Override
  public String name() {
    return output.name();
  }

  /** Returns the name of the first input. */
  String input() {
    return inputs.get(0);
  }

  /** Returns the same node with another first input. */
  OnnxNode withInput(String input) {
    List<String> others = new ArrayList<>(inputs);
    others.set(0, input);
    return new OnnxNode(wantedName, type, output, others, attributes);
  }

  /** Returns the same node with other names for its inputs. */
  OnnxNode withInputs(UnaryOperator<String> renamed) {
    return new OnnxNode(
        wantedName, type, output, inputs.stream().map(renamed).toList(), attributes);
  }

  /** Returns the same node under another name. */
  OnnxNode withName(String name) {
    Value named = new Value(name, output.type(), output.shape());
    return new OnnxNode(wantedName, type, named, inputs, attributes);
  }

  NodeProto toProto() {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setName(name())
        .addAllInput(inputs)
        .addOutput(name())
        .addAllAttribute(attributes)
        .build();
  }
}
