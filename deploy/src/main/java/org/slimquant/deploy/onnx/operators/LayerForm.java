package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.CodeRanges;

/**
 * Writes layers with weights as convolutions. Their weights are int8 where that is exact.
 *
 * <pre>{@code
 * ─▶ QLinearConv ─▶ …
 * ─▶ Transpose ─▶ Reshape ─▶ Transpose ─▶ QLinearConv ─▶ …         few channels: blocks of columns
 * ─▶ Reshape ─▶ Transpose ─▶ QLinearConv ─▶ Transpose ─▶ Reshape   a dense layer: the batch as rows
 * }</pre>
 */
final class LayerForm {

  // The uint8 weight that stands for 0.
  private static final int UNSIGNED_ZERO = 128;

  private final OnnxGraph graph;
  private final ConvolutionOps convolutions;
  private final CodeRanges ranges;
  private final boolean int8;
  private final Map<String, SaturatingPairs> saturating = new LinkedHashMap<>();

  /**
   * Creates a writer.
   *
   * @param ranges the codes that tensors can hold
   * @param int8 whether all layers shall have int8 weights
   */
  LayerForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges, boolean int8) {
    this.graph = graph;
    convolutions = new ConvolutionOps(graph, elements);
    this.ranges = ranges;
    this.int8 = int8;
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  Map<String, SaturatingPairs> saturating() {
    return Collections.unmodifiableMap(saturating);
  }

  /**
   * Adds a convolution.
   *
   * @param group the number of groups of channels that it computes independently
   */
  Uint8Tensor convolve(WeightedOp layer, Uint8Tensor input, Window window, int group) {
    Sums sums = Sums.of(layer, input.codes());
    Convolution convolution =
        convolution(layer, input.value(), input, window, group, Layout.shape(layer.output()));
    Value output =
        ColumnBlocks.of(convolution)
            .map(
                blocks ->
                    blocks.toColumns(
                        convolve(layer, blocks.convolution(graph), blocks.sums(sums)), graph))
            .orElseGet(() -> convolve(layer, convolution, sums));
    return new Uint8Tensor(output, layer.output(), ranges.of(layer.output()));
  }

  private Value convolve(WeightedOp layer, Convolution convolution, Sums sums) {
    return convolutions.convolve(
        convolution,
        sums,
        layer.range(),
        layer.output().format().frac(),
        Uint8Tensor.zeroPoint(ranges.of(layer.output())));
  }

  /**
   * Adds a dense layer as a convolution over an image whose rows are the batch. QLinearMatMul has
   * no bias, and a convolution reads the weights once for all examples.
   */
  Uint8Tensor dense(Dense dense, Uint8Tensor input) {
    String name = dense.name();
    Sums sums = Sums.of(dense, input.codes());
    Value rows =
        graph.toChannelsFirst(
            graph.reshape(
                input.value(), name, List.of(1L, Value.BATCH, 1L, (long) dense.input().size())),
            name);
    List<Long> shape = List.of(1L, (long) dense.channels(), Value.BATCH, 1L);
    Convolution convolution = convolution(dense, rows, input, Window.of(1, 1), 1, shape);
    Value output = convolve(dense, convolution, sums);
    Value flat =
        graph.reshape(graph.toChannelsLast(output, name), name, Layout.shape(dense.output()));
    return new Uint8Tensor(flat, dense.output(), ranges.of(dense.output()));
  }

  /** Returns a layer with int8 weights if these are exact or asked for, else with uint8 weights. */
  private Convolution convolution(
      WeightedOp layer,
      Value value,
      Uint8Tensor input,
      Window window,
      int group,
      List<Long> shape) {
    Convolution convolution =
        new Convolution(
            layer.name(),
            value,
            input.zeroPoint(),
            input.exponent(),
            Codes.of(Layout.kernel(layer)),
            Layout.kernelShape(layer),
            DataType.INT8,
            0,
            layer.bias(),
            window,
            group,
            shape);
    if (layer.kernel().codes().stream().anyMatch(weight -> weight > Byte.MAX_VALUE)) {
      return convolution.withUnsignedWeights(0);
    }
    // In blocks of columns other products are neighbours.
    SaturatingPairs pairs =
        ColumnBlocks.of(convolution)
            .map(blocks -> blocks.saturatingPairs(input.elements()))
            .orElseGet(() -> convolution.saturatingPairs(input.elements()));
    if (pairs.any() && !int8) {
      return convolution.withUnsignedWeights(layer.kernel().signed() ? UNSIGNED_ZERO : 0);
    }
    if (pairs.any()) {
      saturating.put(layer.name(), pairs);
    }
    return convolution;
  }
}
