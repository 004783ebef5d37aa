package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;

/**
 * Writes the quantizer of the model's input, which rounds ties up.
 *
 * <pre>{@code
 * float x ─▶ Reshape ─▶ Mul ─▶ Floor ─▶ Add ─▶ QuantizeLinear ─▶ Clip ─▶ Reshape ─▶ Transpose
 *                       2x     floor(2x)  + 1/2   halves and rounds
 * }</pre>
 *
 * <p>QuantizeLinear alone would round ties to even. Half of {@code floor(2x) + 1/2} is not a tie,
 * and it is rounded to the code that x has when it is rounded half up. If no code is negative,
 * {@code 1/2} is not needed: slightly more than half of {@code floor(2x)} has the same code.
 */
final class HalfUpQuantizer {

  // A little below 2: it moves a quotient up to 256 up in float32, but by less than a half.
  private static final float BELOW_TWO = 2 - 0x1p-19f;

  private final OnnxGraph graph;
  private final ElementOps elements;

  HalfUpQuantizer(OnnxGraph graph, ElementOps elements) {
    this.graph = graph;
    this.elements = elements;
  }

  /**
   * Adds the nodes that make codes of real numbers.
   *
   * @param tensor the model's input
   * @param codes the codes that it can have
   */
  Uint8Tensor quantize(IntegerTensor tensor, CodeRange codes) {
    FixedPoint format = tensor.format();
    String name = tensor.name();
    Value input = new Value(name, DataType.FLOAT, Layout.modelShape(tensor));
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    // ONNX Runtime's arithmetic is slow along a last axis of one channel.
    Value row = graph.reshape(input, name, List.of(Value.BATCH, (long) tensor.size()));
    Value doubled = graph.like(row, "Mul", name, graph.scalar(Math.scalb(1f, 1 - format.frac())));
    Value floor = graph.like(doubled, "Floor", name);
    Value noTie = zeroPoint == 0 ? floor : graph.like(floor, "Add", name, graph.scalar(0.5f));
    Value quantized =
        graph.add(
            "QuantizeLinear",
            name,
            Uint8Tensor.TYPE,
            noTie.shape(),
            List.of(
                noTie.name(),
                graph.scalar(zeroPoint == 0 ? BELOW_TWO : 2f),
                graph.scalar(Uint8Tensor.TYPE, zeroPoint)),
            List.of());
    Value clamped = elements.clamp(quantized, name, ElementOps.ANY, zeroPoint, codes);
    Value shaped = graph.reshape(clamped, name, input.shape());
    Value image = Layout.isImage(tensor) ? graph.toChannelsFirst(shaped, name) : shaped;
    return new Uint8Tensor(image, tensor, codes);
  }
}
