package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;

/** Adds the nodes of ops that only move elements, of any type. Images have ONNX's layout. */
public final class MoveNodes {

  /** The end of a slice that goes back to the first element: before it there is no index. */
  private static final long BEFORE_FIRST = Long.MIN_VALUE;

  private MoveNodes() {}

  /** Adds a Slice of the axes of which not all elements are taken in their order. */
  public static Value slice(Slice slice, Value input, OnnxGraph graph) {
    List<Long> starts = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    List<Long> axes = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis = 0; axis < slice.input().rank(); axis++) {
      long begin = slice.begin().get(axis);
      long stride = slice.stride().get(axis);
      int length = slice.output().shape().get(axis);
      boolean whole = length == slice.input().shape().get(axis) && (stride == 1 || length == 1);
      if (!whole) {
        long end = begin + (length - 1) * stride + Long.signum(stride);
        starts.add(begin);
        ends.add(end < 0 ? BEFORE_FIRST : end);
        axes.add((long) Layout.axis(slice.input(), axis));
        steps.add(length == 1 ? Long.signum(stride) : stride);
      }
    }
    if (axes.isEmpty()) {
      return input;
    }
    String name = slice.name();
    return add(
        slice,
        "Slice",
        List.of(
            input.name(),
            graph.longs(name, starts),
            graph.longs(name, ends),
            graph.longs(name, axes),
            graph.longs(name, steps)),
        List.of(),
        input,
        graph);
  }

  /** Adds a Transpose. */
  public static Value transpose(Transpose transpose, Value input, OnnxGraph graph) {
    IntegerTensor tensor = transpose.input();
    long[] permutation = new long[tensor.rank() + 1];
    for (int axis = 0; axis < tensor.rank(); axis++) {
      permutation[Layout.axis(tensor, axis)] =
          Layout.axis(tensor, transpose.permutation().get(axis));
    }
    return add(
        transpose,
        "Transpose",
        List.of(input.name()),
        List.of(Attributes.ints("perm", permutation)),
        input,
        graph);
  }

  /** Adds a Tile. */
  public static Value tile(Tile tile, Value input, OnnxGraph graph) {
    List<Long> repeats = new ArrayList<>(Collections.nCopies(tile.input().rank() + 1, 1L));
    for (int axis = 0; axis < tile.input().rank(); axis++) {
      repeats.set(Layout.axis(tile.input(), axis), (long) tile.repeats().get(axis));
    }
    return add(
        tile,
        "Tile",
        List.of(input.name(), graph.longs(tile.name(), repeats)),
        List.of(),
        input,
        graph);
  }

  private static Value add(
      IntegerOp op,
      String type,
      List<String> inputs,
      List<AttributeProto> attributes,
      Value input,
      OnnxGraph graph) {
    return graph.add(type, op.name(), input.type(), Layout.shape(op.output()), inputs, attributes);
  }
}
