package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An ONNX graph that grows node by node, in the order in which they are computed. */
final class OnnxGraph {

  private final Set<String> names = new LinkedHashSet<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();
  // What a value was before it was reshaped or transposed. The two transposes undo each other.
  private final Map<String, Value> reshaped = new LinkedHashMap<>();
  private final Map<String, Value> madeChannelsFirst = new LinkedHashMap<>();
  private final Map<String, Value> madeChannelsLast = new LinkedHashMap<>();
  private final Map<String, String> scalars = new LinkedHashMap<>();
  private final SharedConstants shared = new SharedConstants();

  /**
   * Creates a graph.
   *
   * @param reserved names that are given later, and that no other value gets
   */
  OnnxGraph(List<String> reserved) {
    names.addAll(reserved);
  }

  /**
   * Adds a node.
   *
   * @param type its ONNX op
   * @param name the name of the node and of what it computes, if it is still free
   * @param output type and shape of what it computes
   * @param inputs names of values and constants
   */
  Value add(
      String type,
      String name,
      DataType output,
      List<Long> shape,
      List<String> inputs,
      List<AttributeProto> attributes) {
    String free = free(name + "/" + type);
    return node(type, new Value(free, output, shape), inputs, attributes);
  }

  /** Adds the node that computes a value whose name is reserved. */
  void addLast(String type, Value output, List<String> inputs, List<AttributeProto> attributes) {
    node(type, output, inputs, attributes);
  }

  private Value node(
      String type, Value output, List<String> inputs, List<AttributeProto> attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(type)
            .setName(output.name())
            .addAllInput(inputs)
            .addOutput(output.name())
            .addAllAttribute(attributes)
            .build());
    values.add(output);
    return output;
  }

  /** Adds a node that leaves type and shape as they are. */
  Value like(Value input, String type, String name, String... constants) {
    List<String> inputs = new ArrayList<>(List.of(input.name()));
    inputs.addAll(List.of(constants));
    return add(type, name, input.type(), input.shape(), inputs, List.of());
  }

  /** Returns the value in another shape; of reshapes in a row only the last one counts. */
  Value reshape(Value input, String name, List<Long> shape) {
    Value source = reshaped.getOrDefault(input.name(), input);
    if (source.shape().equals(shape)) {
      return source;
    }
    Value output =
        add(
            "Reshape",
            name,
            source.type(),
            shape,
            List.of(source.name(), longs(name, shape)),
            List.of());
    reshaped.put(output.name(), source);
    return output;
  }

  /** Returns an image with its channels before its rows. */
  Value toChannelsFirst(Value input, String name) {
    List<Long> from = input.shape();
    List<Long> shape = List.of(from.get(0), from.get(3), from.get(1), from.get(2));
    return transpose(
        input, name, shape, Attributes.TO_CHANNELS_FIRST, madeChannelsFirst, madeChannelsLast);
  }

  /** Returns an image with its channels behind its columns. */
  Value toChannelsLast(Value input, String name) {
    List<Long> from = input.shape();
    List<Long> shape = List.of(from.get(0), from.get(2), from.get(3), from.get(1));
    return transpose(
        input, name, shape, Attributes.TO_CHANNELS_LAST, madeChannelsLast, madeChannelsFirst);
  }

  private Value transpose(
      Value input,
      String name,
      List<Long> shape,
      AttributeProto axes,
      Map<String, Value> made,
      Map<String, Value> madeByOther) {
    Value source = madeByOther.get(input.name());
    if (source != null) {
      return source;
    }
    Value output =
        add("Transpose", name, input.type(), shape, List.of(input.name()), List.of(axes));
    made.put(output.name(), input);
    return output;
  }

  /**
   * Returns images with the same numbers in NHWC.
   *
   * @param shape with the channels before the rows, as the input's
   */
  Value reshapeImage(Value input, String name, List<Long> shape) {
    List<Long> channelsLast = List.of(shape.get(0), shape.get(2), shape.get(3), shape.get(1));
    return toChannelsFirst(reshape(toChannelsLast(input, name), name, channelsLast), name);
  }

  /**
   * Adds a constant, or returns what holds the same already: see {@link SharedConstants}.
   *
   * @param type INT8, UINT8, INT16, UINT16 or INT32; codes of 8 bits may be given as signed or not
   */
  String codes(String name, DataType type, List<Long> shape, int... codes) {
    int width =
        switch (type) {
          case INT8, UINT8 -> Byte.BYTES;
          case INT16, UINT16 -> Short.BYTES;
          case INT32 -> Integer.BYTES;
          default -> throw new IllegalArgumentException("codes must be integers, but are " + type);
        };
    ByteBuffer bytes = littleEndian(width, codes.length);
    for (int code : codes) {
      switch (width) {
        case Byte.BYTES -> bytes.put((byte) code);
        case Short.BYTES -> bytes.putShort((short) code);
        default -> bytes.putInt(code);
      }
    }
    return constant(name, type, shape, bytes);
  }

  /** Adds a constant of real numbers. */
  String floats(String name, List<Long> shape, float... numbers) {
    ByteBuffer bytes = littleEndian(Float.BYTES, numbers.length);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return constant(name, DataType.FLOAT, shape, bytes);
  }

  /** Adds a constant list, as a shape is one. */
  String longs(String name, List<Long> numbers) {
    ByteBuffer bytes = littleEndian(Long.BYTES, numbers.size());
    numbers.forEach(bytes::putLong);
    return constant(name + "/shape", DataType.INT64, List.of((long) numbers.size()), bytes);
  }

  /** Returns a constant without dimensions, the same one for all who ask for it. */
  String scalar(DataType type, int code) {
    return scalars.computeIfAbsent(
        type.name().toLowerCase(Locale.ROOT) + "_" + code,
        name -> codes(name, type, List.of(), code));
  }

  /** Returns a constant without dimensions, the same one for all who ask for it. */
  String scalar(float number) {
    return scalars.computeIfAbsent("float_" + number, name -> floats(name, List.of(), number));
  }

  private static ByteBuffer littleEndian(int width, int count) {
    return ByteBuffer.allocate(Math.multiplyExact(width, count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String constant(String name, DataType type, List<Long> shape, ByteBuffer bytes) {
    TensorProto unnamed =
        TensorProto.newBuilder()
            .setDataType(type.getNumber())
            .addAllDims(shape)
            .setRawData(ByteString.copyFrom(bytes.flip()))
            .build();
    Optional<SharedConstants.Use> use = shared.use(unnamed);
    if (use.isPresent()) {
      String there = use.get().name();
      return use.get()
          .shape()
          .map(spelling -> List.of(there, longs(name, spelling)))
          .map(inputs -> add("Reshape", name, type, shape, inputs, List.of()).name())
          .orElse(there);
    }
    String own = free(name);
    constants.add(unnamed.toBuilder().setName(own).build());
    shared.add(unnamed, own);
    return own;
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /** Returns the graph of what leads to the output, with type and shape of every value. */
  GraphProto build(String name, Value input, Value output) {
    Set<String> read = new LinkedHashSet<>(List.of(output.name()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (read.contains(nodes.get(i).getOutput(0))) {
        read.addAll(nodes.get(i).getInputList());
      }
    }
    GraphProto.Builder graph =
        GraphProto.newBuilder().setName(name).addInput(input.info()).addOutput(output.info());
    nodes.stream().filter(node -> read.contains(node.getOutput(0))).forEach(graph::addNode);
    constants.stream()
        .filter(constant -> read.contains(constant.getName()))
        .forEach(graph::addInitializer);
    values.stream()
        .filter(value -> read.contains(value.name()) && !value.equals(output))
        .map(Value::info)
        .forEach(graph::addValueInfo);
    return graph.build();
  }
}
