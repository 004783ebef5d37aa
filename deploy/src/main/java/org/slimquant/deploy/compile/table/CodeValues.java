package org.slimquant.deploy.compile.table;

import java.util.Optional;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/** The codes that a tensor can have, and their values. */
record CodeValues(FixedPoint format, CodeRange codes) {

  /** Returns those of a node with codes. A clamp before its fake quant leaves fewer of them. */
  static CodeValues of(OpGraph graph, Grids grids, Node node) {
    FixedPoint format = grids.of(node.id()).orElseThrow();
    return new CodeValues(format, codes(graph, node, format));
  }

  private static CodeRange codes(OpGraph graph, Node node, FixedPoint format) {
    if (node.is(Node.QUANTIZE) || node.role() == OpRole.SHAPER || node.role() == OpRole.MAXIMUM) {
      boolean same =
          node.quantizer().map(Quantizer::format).stream().allMatch(other -> other.equals(format));
      return same ? codes(graph, graph.node(node.input()), format) : CodeRange.all(format);
    }
    return clamp(node, format)
        .map(clamp -> codes(graph, graph.node(node.input()), format).then(clamp))
        .orElse(CodeRange.all(format));
  }

  private static Optional<CodeRange> clamp(Node node, FixedPoint format) {
    if (node.is(OpKind.RELU)) {
      return Optional.of(CodeRange.relu(format));
    }
    return node.is(OpKind.RELU_6)
        ? Optional.of(CodeRange.relu6(format))
        : node.clamp().map(clamp -> CodeRange.clamp(format, clamp.min(), clamp.max()));
  }

  /** Returns the values of all codes of the format; those that cannot occur have the nearest. */
  float[] values() {
    float[] values = new float[format.maxCode() - format.minCode() + 1];
    for (int i = 0; i < values.length; i++) {
      int code = format.minCode() + i;
      values[i] = format.dequantize(Math.max(codes.min(), Math.min(codes.max(), code)));
    }
    return values;
  }

  /** Returns the index of the first NaN among the values of a function, or -1. */
  static int firstNan(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        return i;
      }
    }
    return -1;
  }
}
