package org.slimquant.model;

import java.util.List;
import org.slimquant.model.WeightsTable.LayerWeights;
import org.slimquant.model.check.Fields;
import org.slimquant.model.proto.Conv2DRecord;
import org.slimquant.model.proto.DenseRecord;
import org.slimquant.model.proto.DepthwiseConv2DRecord;
import org.slimquant.model.proto.MatMulRecord;
import org.slimquant.model.proto.OpRecord;
import org.slimquant.model.proto.WindowRecord;

/** Reads one op from its message. */
final class OpReader {

  private final OpRecord message;
  private final WeightsTable table;
  private final String what;
  private final List<IntegerTensor> made;
  private final IntegerTensor output;

  /**
   * Creates a reader.
   *
   * @param table the weights that the op may refer to
   * @param made the tensors that the op may read
   * @param output the tensor that it computes
   */
  OpReader(OpRecord message, WeightsTable table, List<IntegerTensor> made, IntegerTensor output) {
    this.message = message;
    this.table = table;
    this.what = "op " + message.getName();
    this.made = made;
    this.output = output;
  }

  /**
   * Returns the op.
   *
   * @throws IllegalArgumentException if the message lacks a field, or if the op is not sound
   */
  IntegerOp read() {
    Fields.require(message, "an op", "name");
    String name = message.getName();
    return switch (message.getKindCase()) {
      case CONV2D -> {
        Conv2DRecord conv = message.getConv2D();
        Fields.require(conv, what, "window");
        LayerWeights weights =
            table.of(conv, what, conv.getWeights(), conv.getKernel(), conv.getBias());
        yield new Conv2D(
            name,
            input(),
            weights.kernel(),
            weights.bias(),
            window(conv.getWindow()),
            range(),
            output);
      }
      case DEPTHWISE_CONV2D -> {
        DepthwiseConv2DRecord conv = message.getDepthwiseConv2D();
        Fields.require(conv, what, "window");
        LayerWeights weights =
            table.of(conv, what, conv.getWeights(), conv.getKernel(), conv.getBias());
        yield new DepthwiseConv2D(
            name,
            input(),
            weights.kernel(),
            weights.bias(),
            window(conv.getWindow()),
            range(),
            output);
      }
      case DENSE -> {
        DenseRecord dense = message.getDense();
        LayerWeights weights =
            table.of(dense, what, dense.getWeights(), dense.getKernel(), dense.getBias());
        yield new Dense(name, input(), weights.kernel(), weights.bias(), range(), output);
      }
      case MAX_POOL -> {
        Fields.require(message.getMaxPool(), what, "window");
        yield new MaxPool(name, input(), window(message.getMaxPool().getWindow()), output);
      }
      case AVERAGE_POOL -> {
        Fields.require(message.getAveragePool(), what, "window");
        yield new AveragePool(
            name, input(), window(message.getAveragePool().getWindow()), range(), output);
      }
      case ADD -> binary(Add::new);
      case MULTIPLY -> binary(Multiply::new);
      case SUBTRACT -> binary(Subtract::new);
      case MAXIMUM -> binary(Maximum::new);
      case MINIMUM -> binary(Minimum::new);
      case MAT_MUL -> {
        MatMulRecord product = message.getMatMul();
        Fields.require(product, what, "transposes_left", "transposes_right");
        List<IntegerTensor> inputs = inputs(2);
        yield new MatMul(
            name,
            inputs.get(0),
            inputs.get(1),
            product.getTransposesLeft(),
            product.getTransposesRight(),
            range(),
            output);
      }
      case CONCAT -> {
        Fields.require(message.getConcat(), what, "axis");
        yield new Concat(
            name, inputs(message.getInputCount()), message.getConcat().getAxis(), range(), output);
      }
      case PAD ->
          new Pad(
              name,
              input(),
              message.getPad().getBeforeList(),
              message.getPad().getAfterList(),
              message.getPad().getCode(),
              output);
      case SLICE ->
          new Slice(
              name,
              input(),
              message.getSlice().getBeginList(),
              message.getSlice().getStrideList(),
              output);
      case TRANSPOSE ->
          new Transpose(name, input(), message.getTranspose().getPermutationList(), output);
      case TILE -> new Tile(name, input(), message.getTile().getRepeatsList(), output);
      case RESHAPE -> new Reshape(name, input(), output);
      case REQUANTIZE -> new Requantize(name, input(), range(), output);
      case TABLE -> FunctionReader.table(name, what, input(), message.getTable(), output);
      case LEAKY_RELU ->
          FunctionReader.leakyRelu(name, what, input(), message.getLeakyRelu(), range(), output);
      case KIND_NOT_SET ->
          throw new IllegalArgumentException("%s must have a kind, but has none".formatted(what));
    };
  }

  /** The constructor of an op of two tensors. */
  private interface Binary {
    IntegerOp make(
        String name,
        IntegerTensor left,
        IntegerTensor right,
        CodeRange range,
        IntegerTensor output);
  }

  private IntegerOp binary(Binary op) {
    List<IntegerTensor> inputs = inputs(2);
    return op.make(message.getName(), inputs.get(0), inputs.get(1), range(), output);
  }

  private IntegerTensor input() {
    return inputs(1).get(0);
  }

  private List<IntegerTensor> inputs(int count) {
    if (message.getInputCount() != count) {
      throw new IllegalArgumentException(
          "%s must have %d inputs, but has %d".formatted(what, count, message.getInputCount()));
    }
    return message.getInputList().stream()
        .map(index -> Fields.element(made, index, what, "tensors"))
        .toList();
  }

  private CodeRange range() {
    Fields.require(message, what, "min", "max");
    return Fields.named(what, () -> new CodeRange(message.getMin(), message.getMax()));
  }

  private Window window(WindowRecord window) {
    Fields.require(
        window,
        what,
        "height",
        "width",
        "stride_down",
        "stride_across",
        "dilation_down",
        "dilation_across",
        "top",
        "bottom",
        "left",
        "right");
    return Fields.named(
        what,
        () ->
            new Window(
                window.getHeight(),
                window.getWidth(),
                window.getStrideDown(),
                window.getStrideAcross(),
                window.getDilationDown(),
                window.getDilationAcross(),
                new Padding(
                    window.getTop(), window.getBottom(), window.getLeft(), window.getRight())));
  }
}
