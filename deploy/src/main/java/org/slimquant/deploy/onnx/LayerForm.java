package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Dense;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.WeightedOp;
import org.slimquant.engine.Window;

/**
 * Writes layers with weights as convolutions, with int8 weights where these are exact.
 *
 * <pre>{@code
 * ─▶ QLinearConv ─▶ …
 * ─▶ Transpose ─▶ Reshape ─▶ Transpose ─▶ QLinearConv ─▶ …         few channels: blocks of columns
 * ─▶ Reshape ─▶ Transpose ─▶ QLinearConv ─▶ Transpose ─▶ Reshape   a dense layer: the batch as rows
 * }</pre>
 */
final class LayerForm {

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final boolean int8;
  private final List<String> saturating = new ArrayList<>();

  /**
   * Creates a writer.
   *
   * @param int8 whether all layers shall have int8 weights
   */
  LayerForm(OnnxGraph graph, ElementOps elements, boolean int8) {
    this.graph = graph;
    this.elements = elements;
    this.int8 = int8;
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  List<String> saturating() {
    return List.copyOf(saturating);
  }

  /**
   * Adds a convolution.
   *
   * @param group how many groups of channels it computes by themselves
   */
  Stored convolve(WeightedOp layer, Stored input, Window window, int group) {
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
    return new Stored(output, layer.output(), sums.codes(layer.range()));
  }

  private Value convolve(WeightedOp layer, Convolution convolution, Sums sums) {
    return elements.convolve(
        convolution,
        sums,
        layer.range(),
        layer.output().format().exponent(),
        Stored.zeroPoint(sums.codes(layer.range())));
  }

  /**
   * Adds a dense layer as a convolution over an image whose rows are the batch: QLinearMatMul has
   * no bias, and the kernels of a convolution read the weights once for all examples.
   */
  Stored dense(Dense dense, Stored input) {
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
    return new Stored(flat, dense.output(), sums.codes(dense.range()));
  }

  private Convolution convolution(
      WeightedOp layer, Value value, Stored input, Window window, int group, List<Long> shape) {
    Kernel kernel = layer.kernel();
    int[] weights = Layout.kernel(layer);
    List<Long> weightShape = Layout.kernelShape(layer);
    boolean fits = Arrays.stream(weights).allMatch(weight -> weight <= Byte.MAX_VALUE);
    // ONNX Runtime's kernels for one filter for each channel do not add products in 16 bits.
    boolean exact = (group == layer.channels() && group > 1) || Products.fit(layer, input.max());
    boolean signed = fits && (int8 || exact);
    if (signed && !exact) {
      saturating.add(layer.name());
    }
    int zeroPoint = signed || !kernel.signed() ? 0 : 128;
    return new Convolution(
        layer.name(),
        value,
        input.zeroPoint(),
        input.exponent(),
        Codes.of(Arrays.stream(weights).map(weight -> weight + zeroPoint).toArray()),
        weightShape,
        signed ? DataType.INT8 : DataType.UINT8,
        zeroPoint,
        layer.bias(),
        window,
        group,
        shape);
  }
}
