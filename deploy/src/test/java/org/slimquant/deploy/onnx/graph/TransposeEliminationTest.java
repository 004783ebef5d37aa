package org.slimquant.deploy.onnx.graph;

import static com.google.common.truth.Truth.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The transposes and reshapes that are left in a finished graph. */
final class TransposeEliminationTest {

  private static final Value IMAGE =
      new Value("image", DataType.FLOAT, List.of(Value.BATCH, 4L, 6L, 3L));
  private static final List<Long> FLAT = List.of(Value.BATCH, 72L);
  private static final List<Long> ROWS = List.of(Value.BATCH, 6L, 12L);

  private final OnnxGraph graph = new OnnxGraph(List.of("image", "y"));

  @Test
  void inverseTransposes() {
    assertThat(nodes(x -> graph.toChannelsLast(graph.toChannelsFirst(x, "a"), "b")))
        .containsExactly("Identity y <- [image]");
  }

  @Test
  void chainOfTransposes() {
    assertThat(
            nodes(
                x -> {
                  Value first = graph.toChannelsFirst(x, "a");
                  Value again = graph.toChannelsFirst(graph.toChannelsLast(first, "a"), "a");
                  return graph.like(graph.toChannelsLast(again, "a"), "Relu", "a");
                }))
        .containsExactly("Relu a/Relu <- [image]", "Identity y <- [a/Relu]")
        .inOrder();
  }

  @Test
  void equalTransposesStay() {
    assertThat(nodes(x -> graph.toChannelsFirst(graph.toChannelsFirst(x, "a"), "a")))
        .containsExactly(
            "Transpose a/Transpose <- [image]",
            "Transpose a/Transpose_1 <- [a/Transpose]",
            "Identity y <- [a/Transpose_1]")
        .inOrder();
  }

  @Test
  void reshapesInARow() {
    assertThat(nodes(x -> graph.reshape(graph.reshape(x, "a", FLAT), "b", ROWS)))
        .containsExactly("Reshape b/Reshape <- [image, b/shape]", "Identity y <- [b/Reshape]")
        .inOrder();
  }

  @Test
  void reshapeToTheSameShape() {
    assertThat(nodes(x -> graph.reshape(graph.reshape(x, "a", FLAT), "a", x.shape())))
        .containsExactly("Identity y <- [image]");
  }

  @Test
  void reshapeBetweenInverseTransposes() {
    assertThat(
            nodes(
                x -> {
                  Value same =
                      graph.reshape(graph.toChannelsFirst(x, "a"), "a", List.of(-1L, 3L, 4L, 6L));
                  return graph.toChannelsLast(same, "a");
                }))
        .containsExactly("Identity y <- [image]");
  }

  @Test
  void reshapeThatAnotherNodeReadsStays() {
    assertThat(
            nodes(
                x -> {
                  Value flat = graph.reshape(x, "a", FLAT);
                  String relu = graph.like(flat, "Relu", "a").name();
                  return graph.like(graph.reshape(flat, "b", ROWS), "Add", "b", relu);
                }))
        .containsExactly(
            "Reshape a/Reshape <- [image, a/shape]",
            "Relu a/Relu <- [a/Reshape]",
            "Reshape b/Reshape <- [image, b/shape]",
            "Add b/Add <- [b/Reshape, a/Relu]",
            "Identity y <- [b/Add]")
        .inOrder();
  }

  @Test
  void reshapeOfAConstantStays() {
    String constant = graph.floats("constant", List.of(2L, 1L), 1, 2);
    Value value = new Value(constant, DataType.FLOAT, List.of(2L, 1L));
    assertThat(
            nodes(x -> graph.like(x, "Add", "a", graph.reshape(value, "a", value.shape()).name())))
        .containsExactly(
            "Reshape a/Reshape <- [constant, a/shape]",
            "Add a/Add <- [image, a/Reshape]",
            "Identity y <- [a/Add]")
        .inOrder();
  }

  @Test
  void theNodeOfTheOutputStays() {
    Value first = graph.toChannelsFirst(IMAGE, "a");
    Value output = new Value("y", DataType.FLOAT, IMAGE.shape());
    graph.addLast("Transpose", output, List.of(first.name()), List.of(Attributes.TO_CHANNELS_LAST));
    assertThat(text(graph.build("graph", List.of(IMAGE), List.of(output))))
        .containsExactly("Transpose a/Transpose <- [image]", "Transpose y <- [a/Transpose]")
        .inOrder();
  }

  /** Returns the nodes of the graph that computes a value. */
  private List<String> nodes(UnaryOperator<Value> built) {
    Value last = built.apply(IMAGE);
    Value output = new Value("y", last.type(), last.shape());
    graph.addLast("Identity", output, List.of(last.name()), List.of());
    return text(graph.build("graph", List.of(IMAGE), List.of(output)));
  }

  private static List<String> text(GraphProto graph) {
    return graph.getNodeList().stream()
        .map(n -> "%s %s <- %s".formatted(n.getOpType(), n.getName(), n.getInputList()))
        .toList();
  }
}
