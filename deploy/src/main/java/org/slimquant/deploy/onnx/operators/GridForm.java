package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;

/**
 * Writes the ops that bring codes to another grid: Requantize and Concat.
 *
 * <pre>{@code
 * ─▶ QLinearConv ─▶            one weight for each channel, if the grid changes
 * ─▶ Clip ─▶                   if the range changes
 * }</pre>
 */
final class GridForm {

  // At this shift and at any larger one, a code of 8 bits becomes 0 or, to the left, saturates.
  private static final int LARGEST_SHIFT = 9;

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final ConvolutionOps convolutions;
  private final CodeRanges ranges;

  GridForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges) {
    this.graph = graph;
    this.elements = elements;
    convolutions = new ConvolutionOps(graph, elements);
    this.ranges = ranges;
  }

  Uint8Tensor requantize(Requantize requantize, Uint8Tensor input) {
    IntegerTensor output = requantize.output();
    CodeRange codes = ranges.of(output);
    return new Uint8Tensor(bring(requantize, input, Uint8Tensor.zeroPoint(codes)), output, codes);
  }

  /**
   * Adds a Concat.
   *
   * @param inputs its inputs, in its order
   */
  Uint8Tensor concat(Concat concat, List<Uint8Tensor> inputs) {
    IntegerTensor output = concat.output();
    CodeRange codes = ranges.of(output);
    List<String> names =
        inputs.stream()
            .map(input -> bring(concat, input, Uint8Tensor.zeroPoint(codes)).name())
            .toList();
    Value value =
        graph.add(
            "Concat",
            concat.name(),
            Uint8Tensor.TYPE,
            Layout.shape(output),
            names,
            List.of(Attributes.integer("axis", Layout.axis(output, concat.axis()))));
    return new Uint8Tensor(value, output, codes);
  }

  /**
   * Returns clamped elements on the grid of an op's output. If the grid changes, a convolution with
   * one weight for each channel computes them.
   */
  private Value bring(IntegerOp op, Uint8Tensor input, int zeroPoint) {
    int exponent = op.output().format().frac();
    int shift = Math.max(-LARGEST_SHIFT, Math.min(LARGEST_SHIFT, exponent - input.exponent()));
    if (shift == 0 && zeroPoint == input.zeroPoint()) {
      return elements.clamp(input.value(), op.name(), input.codes(), zeroPoint, op.range());
    }
    Value image = elements.image(input.value(), input.tensor(), op.name());
    int channels = Math.toIntExact(image.shape().get(1));
    int[] ones = new int[channels];
    Arrays.fill(ones, 1);
    Convolution convolution =
        new Convolution(
            op.name(),
            image,
            input.zeroPoint(),
            // The exponent that gives the limited shift.
            exponent - shift,
            Codes.of(ones),
            List.of((long) channels, 1L, 1L, 1L),
            DataType.INT8,
            0,
            Codes.zeros(channels),
            Window.of(1, 1),
            channels,
            image.shape());
    Sums sums = Sums.alike(channels, SumBounds.of(input.codes(), 1), shift);
    Value brought = convolutions.convolve(convolution, sums, op.range(), exponent, zeroPoint);
    return elements.fromImage(brought, input.tensor(), op.name());
  }
}
