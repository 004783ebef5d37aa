package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
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

/**
 * An ONNX graph that grows node by node, in the order in which they are computed.
 *
 * <p>It has a transpose or reshape wherever a form needs one. {@link TransposeElimination} removes
 * those that have no effect when the graph is finished.
 */
public final class OnnxGraph {

  private final Set<String> reserved;
  private final GraphNames names;
  private final List<GraphItem> items = new ArrayList<>();
  private final Map<String, String> scalars = new LinkedHashMap<>();
  private final SharedConstants shared = new SharedConstants();

  /**
   * Creates a graph.
   *
   * @param reserved the names of the inputs and the outputs, which no other value gets
   */
  public OnnxGraph(List<String> reserved) {
    this.reserved = new LinkedHashSet<>(reserved);
    names = new GraphNames(reserved);
  }

  /**
   * Adds a node.
   *
   * @param type its ONNX op
   * @param name the name of the model's op or tensor, which the node's name begins with
   * @param output the type of its output
   * @param shape the shape of its output
   * @param inputs names of values and constants
   */
  public Value add(
      String type,
      String name,
      DataType output,
      List<Long> shape,
      List<String> inputs,
      List<AttributeProto> attributes) {
    String wanted = name + "/" + type;
    Value value = new Value(names.free(wanted), output, shape);
    items.add(new OnnxNode(wanted, type, value, inputs, attributes));
    return value;
  }

  /** Adds the node that computes a value whose name is reserved. */
  public void addLast(
      String type, Value output, List<String> inputs, List<AttributeProto> attributes) {
    items.add(new OnnxNode(output.name(), type, output, inputs, attributes));
  }

  /** Adds a node whose output has the type and the shape of its input. */
  public Value like(Value input, String type, String name, String... constants) {
    List<String> inputs = new ArrayList<>(List.of(input.name()));
    inputs.addAll(List.of(constants));
    return add(type, name, input.type(), input.shape(), inputs, List.of());
  }

  /** Returns the value in another shape. */
  public Value reshape(Value input, String name, List<Long> shape) {
    List<String> inputs = List.of(input.name(), longs(name, shape));
    return add("Reshape", name, input.type(), shape, inputs, List.of());
  }

  /** Returns an image with its channels before its rows. */
  public Value toChannelsFirst(Value input, String name) {
    List<Long> from = input.shape();
    List<Long> shape = List.of(from.get(0), from.get(3), from.get(1), from.get(2));
    return transpose(input, name, shape, Attributes.TO_CHANNELS_FIRST);
  }

  /** Returns an image with its channels after its columns. */
  public Value toChannelsLast(Value input, String name) {
    List<Long> from = input.shape();
    List<Long> shape = List.of(from.get(0), from.get(2), from.get(3), from.get(1));
    return transpose(input, name, shape, Attributes.TO_CHANNELS_LAST);
  }

  private Value transpose(Value input, String name, List<Long> shape, AttributeProto axes) {
    return add("Transpose", name, input.type(), shape, List.of(input.name()), List.of(axes));
  }

  /**
   * Returns images that have the same elements in NHWC.
   *
   * @param shape the new shape, with the channels before the rows
   */
  public Value reshapeImage(Value input, String name, List<Long> shape) {
    List<Long> channelsLast = List.of(shape.get(0), shape.get(2), shape.get(3), shape.get(1));
    return toChannelsFirst(reshape(toChannelsLast(input, name), name, channelsLast), name);
  }

  /**
   * Adds a constant, or returns the name of an equal one: see {@link SharedConstants}.
   *
   * @param type INT8, UINT8, INT16, UINT16 or INT32; codes of 8 bits may be signed or unsigned
   */
  public String codes(String name, DataType type, List<Long> shape, int... codes) {
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
  public String floats(String name, List<Long> shape, float... numbers) {
    ByteBuffer bytes = littleEndian(Float.BYTES, numbers.length);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return constant(name, DataType.FLOAT, shape, bytes);
  }

  /** Adds a constant list of integers, such as a shape. */
  public String longs(String name, List<Long> numbers) {
    ByteBuffer bytes = littleEndian(Long.BYTES, numbers.size());
    numbers.forEach(bytes::putLong);
    return constant(name + "/shape", DataType.INT64, List.of((long) numbers.size()), bytes);
  }

  /** Returns a constant without dimensions. Equal constants are the same one. */
  public String scalar(DataType type, int code) {
    return scalars.computeIfAbsent(
        type.name().toLowerCase(Locale.ROOT) + "_" + code,
        name -> codes(name, type, List.of(), code));
  }

  /** Returns a constant without dimensions. Equal constants are the same one. */
  public String scalar(float number) {
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
    String own = names.free(name);
    items.add(new OnnxConstant(name, own, unnamed));
    shared.add(unnamed, own);
    return own;
  }

  /**
   * Returns the part of the graph that the outputs depend on, with type and shape of every value.
   */
  public GraphProto build(String name, List<Value> inputs, List<Value> outputs) {
    List<GraphItem> named =
        GraphNames.renamed(TransposeElimination.eliminate(items, inputs, outputs), reserved);
    Set<String> read = new LinkedHashSet<>();
    outputs.forEach(output -> read.add(output.name()));
    for (int i = named.size() - 1; i >= 0; i--) {
      if (named.get(i) instanceof OnnxNode node && read.contains(node.name())) {
        read.addAll(node.inputs());
      }
    }
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    inputs.forEach(input -> graph.addInput(input.info()));
    outputs.forEach(output -> graph.addOutput(output.info()));
    named.removeIf(item -> !read.contains(item.name()));
    for (GraphItem item : named) {
      if (item instanceof OnnxConstant constant) {
        graph.addInitializer(constant.toProto());
      } else if (item instanceof OnnxNode node) {
        graph.addNode(node.toProto());
        if (!outputs.contains(node.output())) {
          graph.addValueInfo(node.output().info());
        }
      }
    }
    return graph.build();
  }
}
