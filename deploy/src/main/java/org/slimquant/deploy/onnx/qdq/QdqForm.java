package org.slimquant.deploy.onnx.qdq;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.MatrixNodes;
import org.slimquant.deploy.onnx.graph.MoveNodes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
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

/**
 * Writes a model as float ops between QuantizeLinear and DequantizeLinear.
 *
 * <pre>{@code
 * float ─▶ Transpose ─▶ Quantize ─▶ Dequantize ─▶ Conv ─▶ Quantize ─▶ Dequantize ─▶ …
 *                                      kernel ─▶ Dequantize ─┤
 *                                                bias ─┘
 * }</pre>
 *
 * <p>The quantizer of an unsigned format is also its ReLU, because it saturates at 0. Any other
 * clamp follows the quantizer, with one more pair after it:
 *
 * <pre>{@code
 * … ─▶ Conv ─▶ Quantize ─▶ Dequantize ─▶ Relu or Clip ─▶ Quantize ─▶ Dequantize ─▶ …
 * }</pre>
 */
public final class QdqForm implements OpCases<Value> {

  private static final int BYTE = 8;

  private final IntegerModel model;
  private final OnnxGraph graph;
  private final Quantizers quantizers;
  private final QdqLayers layers;
  private final QdqTables tables;
  private final boolean int8;
  private final QdqValues values;

  /**
   * Creates a writer.
   *
   * @param int8 whether all codes shall be int8
   */
  public QdqForm(IntegerModel model, boolean int8) {
    this.model = model;
    this.int8 = int8;
    graph = new OnnxGraph(Layout.ends(model));
    values = new QdqValues(graph);
    quantizers = new Quantizers(graph, int8);
    layers = new QdqLayers(graph, quantizers, int8);
    tables = new QdqTables(graph, quantizers, int8);
  }

  /** Whether a model has codes that need more than 8 bits, for which opset 21 has types. */
  public static boolean isWide(IntegerModel model) {
    return model.tensors().stream().anyMatch(tensor -> tensor.format().bits() > BYTE)
        || model.layers().stream().anyMatch(layer -> layer.kernel().bits() > BYTE);
  }

  /** Returns the layers that are exact only where sums of two products do not saturate. */
  public Map<String, SaturatingPairs> saturating() {
    return layers.saturating();
  }

  /**
   * Returns the graph.
   *
   * @throws IllegalArgumentException if all codes shall be int8 and some cannot be, if sums leave
   *     normal float32, or if sums of 8-bit codes leave 32 bits
   */
  public GraphProto write() {
    QdqSums.check(model);
    if (int8) {
      SymmetricInt8.check(model);
    }
    for (IntegerTensor input : model.inputs()) {
      Value given = Layout.reals(input);
      Value image = Layout.isImage(input) ? graph.toChannelsFirst(given, input.name()) : given;
      values.put(
          input, quantizers.quantized(image, input, input.name(), CodeRange.all(input.format())));
    }
    for (IntegerOp op : model.ops()) {
      values.put(op.output(), op.apply(this));
    }
    return graph.build(
        model.name(),
        model.inputs().stream().map(Layout::reals).toList(),
        model.outputs().stream().map(values::last).toList());
  }

  @Override
  public Value conv2D(Conv2D conv) {
    return layers.convolve(conv, values.ordered(conv.input(), conv.name()), conv.window(), 1);
  }

  @Override
  public Value depthwiseConv2D(DepthwiseConv2D conv) {
    int channels = conv.kernel().shape().get(2);
    return layers.convolve(
        conv, values.ordered(conv.input(), conv.name()), conv.window(), channels);
  }

  @Override
  public Value dense(Dense dense) {
    IntegerTensor input = dense.input();
    return layers.dense(dense, values.real(input), values.image(input));
  }

  @Override
  public Value maxPool(MaxPool pool) {
    return quantized(pool, "MaxPool", Attributes.pooling(pool.window()));
  }

  @Override
  public Value binary(BinaryOp op) {
    return quantized(op, Layout.type(op.kind()), List.of());
  }

  @Override
  public Value matMul(MatMul product) {
    String name = product.name();
    Value sums =
        graph.add(
            "MatMul",
            name,
            DataType.FLOAT,
            Layout.modelShape(product.output()),
            List.of(
                MatrixNodes.left(product, values.ordered(product.left(), name), graph).name(),
                MatrixNodes.right(product, values.ordered(product.right(), name), graph).name()),
            List.of());
    return quantizers.quantized(
        MatrixNodes.output(product, sums, graph), product.output(), name, product.range());
  }

  @Override
  public Value concat(Concat concat) {
    int axis = Layout.axis(concat.output(), concat.axis());
    return quantized(concat, "Concat", List.of(Attributes.integer("axis", axis)));
  }

  private Value quantized(IntegerOp op, String type, List<AttributeProto> attributes) {
    List<String> inputs =
        op.inputs().stream().map(input -> values.ordered(input, op.name()).name()).toList();
    Value value =
        graph.add(type, op.name(), DataType.FLOAT, Layout.shape(op.output()), inputs, attributes);
    return quantizers.quantized(value, op.output(), op.name(), op.range());
  }

  /**
   * Adds a clamp and another quantizer. The clamp is always there: without it, ONNX Runtime merges
   * the two quantizers and rounds to the finer grid only.
   */
  @Override
  public Value requantize(Requantize requantize) {
    IntegerTensor output = requantize.output();
    String name = requantize.name();
    Value input = values.ordered(requantize.input(), name);
    return quantizers.quantized(
        quantizers.clip(input, name, output.format(), requantize.range()), output, name);
  }

  @Override
  public Value table(Table table) {
    return tables.write(table, values.ordered(table.input(), table.name()), table::code);
  }

  @Override
  public Value leakyRelu(LeakyRelu relu) {
    return tables.write(relu, values.ordered(relu.input(), relu.name()), relu::code);
  }

  @Override
  public Value averagePool(AveragePool pool) {
    List<Long> shape = Layout.shape(pool.output());
    boolean flat = !Layout.isImage(pool.output());
    Value mean =
        graph.add(
            "AveragePool",
            pool.name(),
            DataType.FLOAT,
            flat ? List.of(shape.get(0), shape.get(1), 1L, 1L) : shape,
            List.of(values.ordered(pool.input(), pool.name()).name()),
            Attributes.pooling(pool.window()));
    Value shaped = flat ? graph.reshape(mean, pool.name(), shape) : mean;
    return quantizers.quantized(shaped, pool.output(), pool.name(), pool.range());
  }

  @Override
  public Value pad(Pad pad) {
    String name = pad.name();
    Value value =
        graph.add(
            "Pad",
            name,
            DataType.FLOAT,
            Layout.shape(pad.output()),
            List.of(
                values.ordered(pad.input(), name).name(),
                graph.longs(name, Layout.pads(pad)),
                graph.scalar(pad.output().format().dequantize(pad.code()))),
            List.of());
    return quantizers.quantized(value, pad.output(), name, pad.range());
  }

  private Value moved(IntegerOp op, Value value) {
    return quantizers.quantized(value, op.output(), op.name(), op.range());
  }

  @Override
  public Value slice(Slice slice) {
    return moved(slice, MoveNodes.slice(slice, values.ordered(slice.input(), slice.name()), graph));
  }

  @Override
  public Value transpose(Transpose transpose) {
    return moved(
        transpose,
        MoveNodes.transpose(transpose, values.ordered(transpose.input(), transpose.name()), graph));
  }

  @Override
  public Value tile(Tile tile) {
    return moved(tile, MoveNodes.tile(tile, values.ordered(tile.input(), tile.name()), graph));
  }

  @Override
  public Value reshape(Reshape reshape) {
    return values.reshape(reshape);
  }
}
