package org.slimquant.benchmarks.inference;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of a TensorFlow Lite file, one for each tensor and op. They contain the part of the
 * schema (version 3, {@code schema.fbs}) that convolutional networks need. The numbers of fields
 * and types are the schema's.
 */
final class TfLiteTables {

  private static final String IDENTIFIER = "TFL3";
  private static final int VERSION = 3;

  /** The types of elements. */
  enum ElementType {
    INT32(2),
    INT8(9);

    private final int number;

    ElementType(int number) {
      this.number = number;
    }
  }

  /** The ops: their number, the version that takes int8, and the number of their options' table. */
  enum Operator {
    AVERAGE_POOL_2D(1, 2, 5),
    CONV_2D(3, 3, 1),
    DEPTHWISE_CONV_2D(4, 3, 2),
    FULLY_CONNECTED(9, 4, 8),
    MAX_POOL_2D(17, 2, 5);

    private final int number;
    private final int version;
    private final int options;

    Operator(int number, int version, int options) {
      this.number = number;
      this.version = version;
      this.options = options;
    }
  }

  /**
   * A tensor.
   *
   * @param zeroPoint the element that represents 0
   * @param exponents of the scales: one, or one for each channel
   * @param axis the axis of the channels
   */
  record Tensor(
      String name,
      List<Integer> shape,
      ElementType type,
      int zeroPoint,
      List<Integer> exponents,
      int axis) {

    Tensor {
      shape = List.copyOf(shape);
      exponents = List.copyOf(exponents);
    }
  }

  private static final List<Operator> OPERATORS = List.of(Operator.values());

  private final FlatBufferBuilder builder = new FlatBufferBuilder();
  private final List<Integer> buffers = new ArrayList<>();
  private final List<Integer> tensors = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();

  TfLiteTables() {
    // Buffer 0 is for tensors without constant elements.
    builder.startTable(1);
    buffers.add(builder.endTable());
  }

  /** Adds a tensor that is fed or computed, and returns its index. */
  int add(Tensor tensor) {
    return add(tensor, 0);
  }

  /** Adds a constant with these bytes as its elements, and returns its index. */
  int add(Tensor tensor, byte[] elements) {
    builder.startVector(Byte.BYTES, elements.length, 16);
    for (int i = elements.length - 1; i >= 0; i--) {
      builder.addByte(elements[i]);
    }
    int data = builder.endVector();
    builder.startTable(1);
    builder.addOffset(0, data, 0);
    buffers.add(builder.endTable());
    return add(tensor, buffers.size() - 1);
  }

  private int add(Tensor tensor, int buffer) {
    int shape = ints(tensor.shape().stream().mapToInt(Integer::intValue).toArray());
    int name = builder.createString(tensor.name());
    int quantization = quantization(tensor);
    builder.startTable(10);
    builder.addOffset(0, shape, 0);
    builder.addByte(1, (byte) tensor.type().number, 0);
    builder.addInt(2, buffer, 0);
    builder.addOffset(3, name, 0);
    builder.addOffset(4, quantization, 0);
    tensors.add(builder.endTable());
    return tensors.size() - 1;
  }

  private int quantization(Tensor tensor) {
    List<Integer> exponents = tensor.exponents();
    builder.startVector(Float.BYTES, exponents.size(), Float.BYTES);
    for (int i = exponents.size() - 1; i >= 0; i--) {
      builder.addFloat(Math.scalb(1f, exponents.get(i)));
    }
    int scales = builder.endVector();
    builder.startVector(Long.BYTES, exponents.size(), Long.BYTES);
    for (int i = 0; i < exponents.size(); i++) {
      builder.addLong(tensor.zeroPoint());
    }
    int zeroPoints = builder.endVector();
    builder.startTable(7);
    builder.addOffset(2, scales, 0);
    builder.addOffset(3, zeroPoints, 0);
    builder.addInt(6, tensor.axis(), 0);
    return builder.endTable();
  }

  /**
   * Adds an op.
   *
   * @param output the index of a tensor
   * @param inputs the indices of tensors
   */
  void add(Operator operator, TfLiteOptions options, int output, int... inputs) {
    int table = options.write(builder);
    int read = ints(inputs);
    int written = ints(output);
    builder.startTable(9);
    builder.addInt(0, OPERATORS.indexOf(operator), 0);
    builder.addOffset(1, read, 0);
    builder.addOffset(2, written, 0);
    builder.addByte(3, (byte) operator.options, 0);
    builder.addOffset(4, table, 0);
    operators.add(builder.endTable());
  }

  /**
   * Returns the bytes of the file.
   *
   * @param input the index of a tensor
   * @param output the index of a tensor
   */
  byte[] file(String name, int input, int output) {
    int graphs = offsets(List.of(graph(input, output)));
    int codes = offsets(OPERATORS.stream().map(this::operatorCode).toList());
    int elements = offsets(buffers);
    int description = builder.createString(name);
    builder.startTable(8);
    builder.addInt(0, VERSION, 0);
    builder.addOffset(1, codes, 0);
    builder.addOffset(2, graphs, 0);
    builder.addOffset(3, description, 0);
    builder.addOffset(4, elements, 0);
    builder.finish(builder.endTable(), IDENTIFIER);
    return builder.sizedByteArray();
  }

  private int graph(int input, int output) {
    int inputs = ints(input);
    int outputs = ints(output);
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
    builder.addByte(0, (byte) operator.number, 0);
    builder.addInt(2, operator.version, 1);
    builder.addInt(3, operator.number, 0);
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
