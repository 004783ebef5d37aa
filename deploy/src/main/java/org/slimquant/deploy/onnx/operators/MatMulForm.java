package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.MatrixNodes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.MatMul;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;

/**
 * Writes products of matrices. QLinearMatMul rounds ties to even and adds no bias that could change
 * that, so the sums are rounded in 32 bits:
 *
 * <pre>{@code
 * x ─▶ MatMulInteger ─▶ Add ─▶ Div ─▶ Add ─▶ Clip ─▶ Cast ─▶
 * z ───▲                └─ half, shift ─┘
 * }</pre>
 *
 * <p>Both factors are uint8, with which no kernel of ONNX Runtime saturates.
 */
final class MatMulForm {

  // Sums below this leave room in an int32 for a half and a shift.
  private static final long LARGEST_SUM = 1L << 28;

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final CodeRanges ranges;

  MatMulForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges) {
    this.graph = graph;
    this.elements = elements;
    this.ranges = ranges;
  }

  /** Adds a product of matrices. */
  Uint8Tensor write(MatMul product, Uint8Tensor left, Uint8Tensor right) {
    int shift = product.output().format().frac() - product.sumExponent();
    Sums sums = Sums.alike(1, SumBounds.of(product, left.codes(), right.codes()), shift);
    if (sums.bound() >= LARGEST_SUM) {
      throw new IllegalArgumentException(
          "op %s must have sums below 2^28 to be written in ONNX, but they can reach %d; use fewer columns of the left matrix or fewer bits"
              .formatted(product.name(), sums.bound()));
    }
    CodeRange codes = ranges.of(product.output());
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    Value a = MatrixNodes.left(product, left.value(), graph);
    Value b = MatrixNodes.right(product, right.value(), graph);
    Value sum =
        graph.add(
            "MatMulInteger",
            product.name(),
            DataType.INT32,
            Layout.modelShape(product.output()),
            List.of(
                a.name(),
                b.name(),
                graph.scalar(Uint8Tensor.TYPE, left.zeroPoint()),
                graph.scalar(Uint8Tensor.TYPE, right.zeroPoint())),
            List.of());
    Value shifted = elements.shift(product.name(), sum, Codes.zeros(1), sums, zeroPoint);
    Value clamped =
        elements.clamp(
            shifted, product.name(), sums.codes(ElementOps.ANY), zeroPoint, product.range());
    return new Uint8Tensor(MatrixNodes.output(product, clamped, graph), product.output(), codes);
  }
}
