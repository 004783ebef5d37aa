package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.MatMul;
import org.slimquant.model.MaxPool;
import org.slimquant.model.OpCases;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Slice;
import org.slimquant.model.Table;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.CodeRanges;

/**
 * Writes a model as integer ops.
 *
 * <pre>{@code
 * float ─▶ HalfUpQuantizer
 *       ─▶ QLinearConv ─▶ Clip ─▶ …          a Clip only if the range is smaller than that of uint8
 *       ─▶ DequantizeLinear ─▶ float
 * }</pre>
 *
 * <p>ONNX Runtime converts images to NHWC and drops the transposes.
 */
public final class OperatorForm implements OpCases<Uint8Tensor> {

  private final IntegerModel model;
  private final OnnxGraph graph;
  private final ElementOps elements;
  private final CodeRanges ranges;
  private final LayerForm layers;
  private final MoveForm moves;
  private final Map<String, Uint8Tensor> stored = new LinkedHashMap<>();

  /**
   * Creates a writer.
   *
   * @param int8 whether all layers shall have int8 weights
   */
  public OperatorForm(IntegerModel model, boolean int8) {
    this.model = model;
    graph = new OnnxGraph(Layout.ends(model));
    elements = new ElementOps(graph);
    ranges = CodeRanges.computed(model);
    layers = new LayerForm(graph, elements, ranges, int8);
    moves = new MoveForm(graph);
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  public Map<String, SaturatingPairs> saturating() {
    return layers.saturating();
  }

  /**
   * Returns the graph.
   *
   * @throws IllegalArgumentException if formats have more than 8 bits or sums more than 32
   */
  public GraphProto write() {
    checkBits();
    HalfUpQuantizer quantizer = new HalfUpQuantizer(graph, elements);
    for (IntegerTensor input : model.inputs()) {
      stored.put(input.name(), quantizer.quantize(input, ranges.of(input)));
    }
    for (IntegerOp op : model.ops()) {
      stored.put(op.output().name(), op.apply(this));
    }
    return graph.build(
        model.name(),
        model.inputs().stream().map(Layout::reals).toList(),
        model.outputs().stream().map(this::dequantize).toList());
  }

  private void checkBits() {
    for (IntegerTensor tensor : model.tensors()) {
      if (tensor.format().bits() > Uint8Tensor.BITS) {
        throw new IllegalArgumentException(
            "tensor %s must have at most 8 bits, because ONNX's integer ops have no more, but has %d; write OnnxForm.QDQ"
                .formatted(tensor.name(), tensor.format().bits()));
      }
    }
    for (WeightedOp layer : model.layers()) {
      if (layer.kernel().bits() > Uint8Tensor.BITS) {
        throw new IllegalArgumentException(
            "the kernel of layer %s must have at most 8 bits, because ONNX's integer ops have no more, but has %d; write OnnxForm.QDQ"
                .formatted(layer.name(), layer.kernel().bits()));
      }
    }
  }

  private Value dequantize(IntegerTensor tensor) {
    Uint8Tensor output = stored(tensor);
    String name = output.tensor().name();
    Value elementsOut =
        Layout.isImage(output.tensor())
            ? graph.toChannelsLast(output.value(), name)
            : output.value();
    Value reals = Layout.reals(output.tensor());
    graph.addLast(
        "DequantizeLinear",
        reals,
        List.of(
            elementsOut.name(),
            graph.scalar(Math.scalb(1f, output.exponent())),
            graph.scalar(Uint8Tensor.TYPE, output.zeroPoint())),
        List.of());
    return reals;
  }

  private Uint8Tensor stored(IntegerTensor tensor) {
    Uint8Tensor made = stored.get(tensor.name());
    if (made == null) {
      throw new AssertionError("a tensor must be computed before it is read: " + tensor);
    }
    return made;
  }

  @Override
  public Uint8Tensor conv2D(Conv2D conv) {
    return layers.convolve(conv, stored(conv.input()), conv.window(), 1);
  }

  @Override
  public Uint8Tensor depthwiseConv2D(DepthwiseConv2D conv) {
    int channels = conv.kernel().shape().get(2);
    return layers.convolve(conv, stored(conv.input()), conv.window(), channels);
  }

  @Override
  public Uint8Tensor dense(Dense dense) {
    return layers.dense(dense, stored(dense.input()));
  }

  @Override
  public Uint8Tensor averagePool(AveragePool pool) {
    return new AverageForm(graph, elements, ranges).write(pool, stored(pool.input()));
  }

  @Override
  public Uint8Tensor binary(BinaryOp op) {
    return new BinaryForm(graph, elements, ranges).write(op, stored(op.left()), stored(op.right()));
  }

  @Override
  public Uint8Tensor matMul(MatMul product) {
    return new MatMulForm(graph, elements, ranges)
        .write(product, stored(product.left()), stored(product.right()));
  }

  @Override
  public Uint8Tensor concat(Concat concat) {
    List<Uint8Tensor> inputs = concat.inputs().stream().map(this::stored).toList();
    return new GridForm(graph, elements, ranges).concat(concat, inputs);
  }

  @Override
  public Uint8Tensor requantize(Requantize requantize) {
    return new GridForm(graph, elements, ranges).requantize(requantize, stored(requantize.input()));
  }

  @Override
  public Uint8Tensor table(Table table) {
    return new TableForm(graph, elements, ranges).write(table, stored(table.input()), table::code);
  }

  @Override
  public Uint8Tensor leakyRelu(LeakyRelu relu) {
    return new TableForm(graph, elements, ranges).write(relu, stored(relu.input()), relu::code);
  }

  @Override
  public Uint8Tensor maxPool(MaxPool pool) {
    return moves.maxPool(pool, stored(pool.input()));
  }

  @Override
  public Uint8Tensor pad(Pad pad) {
    return moves.pad(pad, stored(pad.input()), ranges.of(pad.output()));
  }

  @Override
  public Uint8Tensor slice(Slice slice) {
    return moves.slice(slice, stored(slice.input()));
  }

  @Override
  public Uint8Tensor transpose(Transpose transpose) {
    return moves.transpose(transpose, stored(transpose.input()));
  }

  @Override
  public Uint8Tensor tile(Tile tile) {
    return moves.tile(tile, stored(tile.input()));
  }

  @Override
  public Uint8Tensor reshape(Reshape reshape) {
    return moves.reshape(reshape, stored(reshape.input()));
  }
}
