package org.slimquant.benchmarks;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Conv2D;
import org.slimquant.engine.Dense;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.MaxPool;
import org.slimquant.engine.Padding;
import org.slimquant.engine.Reshape;
import org.slimquant.engine.TensorFormat;
import org.slimquant.engine.WeightedOp;
import org.slimquant.engine.Window;

/**
 * An integer model as a file of TensorFlow Lite: as much of its schema (version 3, {@code
 * schema.fbs}) as a convolutional network takes. The numbers of fields are the schema's.
 *
 * <p>Kernels of convolutions are quantized per channel, those of dense layers per tensor. Unsigned
 * codes are shifted by a zero point of -128. TensorFlow Lite rounds ties another way, so its codes
 * differ from the engine's by one step here and there.
 */
final class TfLiteFile {

  private static final String IDENTIFIER = "TFL3";
  private static final int VERSION = 3;

  private static final int INT32 = 2;
  private static final int INT8 = 9;

  private static final int SAME = 0;
  private static final int VALID = 1;

  private static final int NO_ACTIVATION = 0;
  private static final int RELU = 1;

  /**
   * The ops: their number in the schema, the version that takes int8, and that of their options.
   */
  private enum Operator {
    CONV_2D(3, 3, 1),
    FULLY_CONNECTED(9, 4, 8),
    MAX_POOL_2D(17, 2, 5);

    final int code;
    final int version;
    final int options;

    Operator(int code, int version, int options) {
      this.code = code;
      this.version = version;
      this.options = options;
    }
  }

  private static final List<Operator> OPERATORS = List.of(Operator.values());

  private final FlatBufferBuilder builder = new FlatBufferBuilder();
  private final int batch;
  private final List<Integer> buffers = new ArrayList<>();
  private final List<Integer> tensors = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();
  private final Map<String, Integer> indices = new LinkedHashMap<>();

  private TfLiteFile(int batch) {
    this.batch = batch;
  }

  /** Returns the file of a model for batches of one size. */
  static byte[] of(IntegerModel model, int batch) {
    return new TfLiteFile(batch).write(model);
  }

  /** Returns the int8 code of 0. */
  static int zeroPoint(TensorFormat format) {
    return format.signed() ? 0 : Byte.MIN_VALUE;
  }

  private byte[] write(IntegerModel model) {
    // Buffer 0 is that of tensors without constant values.
    buffers.add(buffer(new byte[0]));
    indices.put(model.input().name(), activation(model.input()));
    model.ops().forEach(this::add);
    int graph = graph(model);
    int codes = offsets(OPERATORS.stream().map(this::operatorCode).toList());
    int graphs = offsets(List.of(graph));
    int values = offsets(buffers);
    int description = builder.createString(model.name());
    builder.startTable(8);
    builder.addInt(0, VERSION, 0);
    builder.addOffset(1, codes, 0);
    builder.addOffset(2, graphs, 0);
    builder.addOffset(3, description, 0);
    builder.addOffset(4, values, 0);
    builder.finish(builder.endTable(), IDENTIFIER);
    return builder.sizedByteArray();
  }

  private int graph(IntegerModel model) {
    int inputs = ints(index(model.input()));
    int outputs = ints(index(model.output()));
    int all = offsets(tensors);
    int steps = offsets(operators);
    builder.startTable(5);
    builder.addOffset(0, all, 0);
    builder.addOffset(1, inputs, 0);
    builder.addOffset(2, outputs, 0);
    builder.addOffset(3, steps, 0);
    return builder.endTable();
  }

  private int operatorCode(Operator operator) {
    builder.startTable(4);
    builder.addByte(0, (byte) operator.code, 0);
    builder.addInt(2, operator.version, 1);
    builder.addInt(3, operator.code, 0);
    return builder.endTable();
  }

  private void add(IntegerOp op) {
    if (op instanceof Reshape reshape) {
      // A dense layer flattens its input itself.
      indices.put(reshape.output().name(), index(reshape.input()));
      return;
    }
    int output = activation(op.output());
    if (op instanceof Conv2D conv) {
      Kernel kernel = conv.kernel();
      int channels = conv.channels();
      List<Integer> shape = kernel.shape();
      int weights =
          weights(
              conv,
              List.of(channels, shape.get(0), shape.get(1), shape.get(2)),
              IntStream.range(0, channels).map(kernel::exponent).toArray());
      int bias = bias(conv, IntStream.range(0, channels).map(conv::accumulatorExponent).toArray());
      operator(Operator.CONV_2D, output, convOptions(conv), index(conv.input()), weights, bias);
    } else if (op instanceof Dense dense) {
      int weights =
          weights(
              dense, List.of(dense.channels(), dense.input().size()), dense.kernel().exponent(0));
      int bias = bias(dense, dense.accumulatorExponent(0));
      operator(
          Operator.FULLY_CONNECTED,
          output,
          denseOptions(dense),
          index(dense.input()),
          weights,
          bias);
    } else if (op instanceof MaxPool pool) {
      operator(Operator.MAX_POOL_2D, output, poolOptions(pool.window()), index(pool.input()));
    } else {
      throw new IllegalArgumentException("a network must have ops of known types, but has " + op);
    }
    indices.put(op.output().name(), output);
  }

  private void operator(Operator operator, int output, int options, int... inputs) {
    int read = ints(inputs);
    int written = ints(output);
    builder.startTable(9);
    builder.addInt(0, OPERATORS.indexOf(operator), 0);
    builder.addOffset(1, read, 0);
    builder.addOffset(2, written, 0);
    builder.addByte(3, (byte) operator.options, 0);
    builder.addOffset(4, options, 0);
    operators.add(builder.endTable());
  }

  private int convOptions(Conv2D conv) {
    Window window = conv.window();
    builder.startTable(6);
    builder.addByte(0, (byte) (window.padding().equals(Padding.NONE) ? VALID : SAME), SAME);
    builder.addInt(1, window.strideAcross(), 0);
    builder.addInt(2, window.strideDown(), 0);
    builder.addByte(3, (byte) activationOf(conv), NO_ACTIVATION);
    return builder.endTable();
  }

  private int denseOptions(Dense dense) {
    builder.startTable(4);
    builder.addByte(0, (byte) activationOf(dense), NO_ACTIVATION);
    return builder.endTable();
  }

  private int poolOptions(Window window) {
    builder.startTable(6);
    builder.addByte(0, (byte) VALID, SAME);
    builder.addInt(1, window.strideAcross(), 0);
    builder.addInt(2, window.strideDown(), 0);
    builder.addInt(3, window.width(), 0);
    builder.addInt(4, window.height(), 0);
    return builder.endTable();
  }

  private static int activationOf(WeightedOp op) {
    return op.range().min() == 0 ? RELU : NO_ACTIVATION;
  }

  private int index(IntegerTensor tensor) {
    Integer index = indices.get(tensor.name());
    if (index == null) {
      throw new IllegalStateException("a tensor must be computed before, but is not: " + tensor);
    }
    return index;
  }

  private int activation(IntegerTensor tensor) {
    List<Integer> shape = new ArrayList<>(tensor.shape());
    shape.add(0, batch);
    return tensor(
        tensor.name(), shape, INT8, 0, zeroPoint(tensor.format()), tensor.format().exponent());
  }

  /** Adds a kernel with its output channels as the first axis. */
  private int weights(WeightedOp op, List<Integer> shape, int... exponents) {
    Codes codes = op.kernel().codes();
    int channels = op.channels();
    int inputs = codes.size() / channels;
    byte[] bytes = new byte[codes.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i % channels * inputs + i / channels] = (byte) codes.get(i);
    }
    buffers.add(buffer(bytes));
    return tensor(op.name() + "/kernel", shape, INT8, buffers.size() - 1, 0, exponents);
  }

  private int bias(WeightedOp op, int... exponents) {
    ByteBuffer bytes =
        ByteBuffer.allocate(op.channels() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    op.bias().stream().forEach(bytes::putInt);
    buffers.add(buffer(bytes.array()));
    return tensor(
        op.name() + "/bias", List.of(op.channels()), INT32, buffers.size() - 1, 0, exponents);
  }

  /** Adds a tensor, whose axis of channels is the first if it has several exponents. */
  private int tensor(
      String name, List<Integer> shape, int type, int buffer, int zeroPoint, int... exponents) {
    int dimensions = ints(shape.stream().mapToInt(Integer::intValue).toArray());
    int label = builder.createString(name);
    builder.startVector(Float.BYTES, exponents.length, Float.BYTES);
    for (int i = exponents.length - 1; i >= 0; i--) {
      builder.addFloat(Math.scalb(1f, exponents[i]));
    }
    int scales = builder.endVector();
    builder.startVector(Long.BYTES, exponents.length, Long.BYTES);
    for (int i = 0; i < exponents.length; i++) {
      builder.addLong(zeroPoint);
    }
    int zeroPoints = builder.endVector();
    builder.startTable(7);
    builder.addOffset(2, scales, 0);
    builder.addOffset(3, zeroPoints, 0);
    int quantization = builder.endTable();
    builder.startTable(10);
    builder.addOffset(0, dimensions, 0);
    builder.addByte(1, (byte) type, 0);
    builder.addInt(2, buffer, 0);
    builder.addOffset(3, label, 0);
    builder.addOffset(4, quantization, 0);
    tensors.add(builder.endTable());
    return tensors.size() - 1;
  }

  private int buffer(byte[] bytes) {
    if (bytes.length == 0) {
      builder.startTable(1);
      return builder.endTable();
    }
    builder.startVector(1, bytes.length, 16);
    for (int i = bytes.length - 1; i >= 0; i--) {
      builder.addByte(bytes[i]);
    }
    int data = builder.endVector();
    builder.startTable(1);
    builder.addOffset(0, data, 0);
    return builder.endTable();
  }

  private int ints(int... values) {
    builder.startVector(Integer.BYTES, values.length, Integer.BYTES);
    for (int i = values.length - 1; i >= 0; i--) {
      builder.addInt(values[i]);
    }
    return builder.endVector();
  }

  private int offsets(List<Integer> values) {
    return builder.createVectorOfTables(values.stream().mapToInt(Integer::intValue).toArray());
  }
}
