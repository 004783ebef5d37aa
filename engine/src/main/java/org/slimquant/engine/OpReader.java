package org.slimquant.engine;

import com.google.protobuf.ByteString;
import java.util.List;
import org.slimquant.engine.proto.OpRecord;
import org.slimquant.engine.proto.WeightsRecord;
import org.slimquant.engine.proto.WindowRecord;

/** Reads one op from its message. */
final class OpReader {

  private final OpRecord message;
  private final String what;
  private final List<IntegerTensor> made;
  private final IntegerTensor output;

  /**
   * Creates a reader.
   *
   * @param made the tensors that the op may read
   * @param output the tensor that it computes
   */
  OpReader(OpRecord message, List<IntegerTensor> made, IntegerTensor output) {
    this.message = message;
    this.what = "op " + message.getName();
    this.made = made;
    this.output = output;
  }

  /**
   * Returns the op.
   *
   * @throws IllegalArgumentException if the message lacks something, or if the op is not sound
   */
  IntegerOp read() {
    Fields.require(message, "an op", "name");
    String name = message.getName();
    return switch (message.getKindCase()) {
      case CONV2D -> {
        Fields.require(message.getConv2D(), what, "weights", "window");
        WeightsRecord weights = message.getConv2D().getWeights();
        yield new Conv2D(
            name,
            input(),
            kernel(weights),
            bias(weights),
            window(message.getConv2D().getWindow()),
            range(),
            output);
      }
      case DEPTHWISE_CONV2D -> {
        Fields.require(message.getDepthwiseConv2D(), what, "weights", "window");
        WeightsRecord weights = message.getDepthwiseConv2D().getWeights();
        yield new DepthwiseConv2D(
            name,
            input(),
            kernel(weights),
            bias(weights),
            window(message.getDepthwiseConv2D().getWindow()),
            range(),
            output);
      }
      case DENSE -> {
        Fields.require(message.getDense(), what, "weights");
        WeightsRecord weights = message.getDense().getWeights();
        yield new Dense(name, input(), kernel(weights), bias(weights), range(), output);
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
      case ADD -> {
        List<IntegerTensor> inputs = inputs(2);
        yield new Add(name, inputs.get(0), inputs.get(1), range(), output);
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
              output);
      case RESHAPE -> new Reshape(name, input(), output);
      case REQUANTIZE -> new Requantize(name, input(), range(), output);
      case KIND_NOT_SET ->
          throw new IllegalArgumentException("%s must have a kind, but has none".formatted(what));
    };
  }

  private IntegerTensor input() {
    return inputs(1).get(0);
  }

  private List<IntegerTensor> inputs(int count) {
    if (message.getInputCount() != count) {
      throw new IllegalArgumentException(
          "%s must have %d inputs, but has %d".formatted(what, count, message.getInputCount()));
    }
    return message.getInputList().stream().map(index -> Fields.element(made, index, what)).toList();
  }

  private CodeRange range() {
    Fields.require(message, what, "min", "max");
    return Fields.named(what, () -> new CodeRange(message.getMin(), message.getMax()));
  }

  private Kernel kernel(WeightsRecord weights) {
    Fields.require(weights, what, "bits", "signed", "code");
    int width = ModelWriter.bytesPerCode(weights.getBits());
    ByteString bytes = weights.getCode();
    if (bytes.size() % width != 0) {
      throw new IllegalArgumentException(
          "%s must have %d bytes for each code, but has %d in all"
              .formatted(what, width, bytes.size()));
    }
    int[] codes = new int[bytes.size() / width];
    for (int i = 0; i < codes.length; i++) {
      int code =
          width == 1
              ? bytes.byteAt(i)
              : (bytes.byteAt(2 * i + 1) << Byte.SIZE) | (bytes.byteAt(2 * i) & 0xff);
      codes[i] = weights.getSigned() ? code : code & ((1 << (width * Byte.SIZE)) - 1);
    }
    return Fields.named(
        what,
        () ->
            new Kernel(
                weights.getShapeList(),
                weights.getBits(),
                weights.getSigned(),
                weights.getExponentList(),
                Codes.of(codes)));
  }

  private static Codes bias(WeightsRecord weights) {
    return Codes.of(weights.getBiasList().stream().mapToInt(Integer::intValue).toArray());
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
