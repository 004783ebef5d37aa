package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.analysis.CodeRanges;

/**
 * Writes the ops that compute a function of each number, as a table of 256 elements.
 *
 * <pre>{@code
 * uint8 ─▶ Cast to int32 ─▶ Gather ─▶ uint8
 *                  table ─────▲
 * }</pre>
 */
final class TableForm {

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final CodeRanges ranges;

  TableForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges) {
    this.graph = graph;
    this.elements = elements;
    this.ranges = ranges;
  }

  /**
   * Adds an op.
   *
   * @param function the output's code for a code of the input
   */
  Uint8Tensor write(IntegerOp op, Uint8Tensor input, IntUnaryOperator function) {
    IntegerTensor output = op.output();
    CodeRange codes = ranges.of(output);
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    // An element that stands for no code that can occur has the entry of the nearest code.
    int[] table =
        IntStream.rangeClosed(0, Uint8Tensor.MAX)
            .map(element -> element - input.zeroPoint())
            .map(code -> Math.max(input.codes().min(), Math.min(input.codes().max(), code)))
            .map(code -> function.applyAsInt(code) + zeroPoint)
            .toArray();
    String name = op.name();
    Value index = elements.cast(input.value(), name, DataType.INT32);
    String constant =
        graph.codes(name + "/table", Uint8Tensor.TYPE, List.of((long) table.length), table);
    Value value =
        graph.add(
            "Gather",
            name,
            Uint8Tensor.TYPE,
            index.shape(),
            List.of(constant, index.name()),
            List.of());
    return new Uint8Tensor(value, output, codes);
  }
}
