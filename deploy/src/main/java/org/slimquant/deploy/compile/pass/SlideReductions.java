package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;

/**
 * Writes a mean or a maximum over neighbouring axes as a window that slides over an image.
 *
 * <pre>{@code
 * x [rows, columns, channels] ─▶ Mean over 1, 2 ─▶                        before
 * x ─▶ Mean[rows x columns] ─▶                                            after
 *
 * x [time, channels] ─▶ Mean over 1 ─▶                                    before
 * x ─▶ Reshape [1, time, channels] ─▶ Mean[1 x time] ─▶                   after
 *
 * x [a, b, c, d] ─▶ Max over 2, 3 ─▶                                      before
 * x ─▶ Reshape [a, b·c, d] ─▶ Max[1 x b·c] ─▶ Reshape [a, d] ─▶           after
 * }</pre>
 *
 * <p>Axes are neighbours if no axis between them has more than one element. Other axes, and the
 * axis of the batch, are refused where the op is matched.
 */
public final class SlideReductions implements Pass {

  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      // A reduction that is a window already has no axes.
      Optional<Slide> slide =
          (node.is(OpKind.MAX) || node.is(OpKind.MEAN)) && node.inputs().size() == 2
              ? slide(graph, node)
              : Optional.empty();
      nodes.addAll(slide.map(found -> found.nodes(node)).orElse(List.of(node)));
    }
    return graph.with(nodes);
  }

  /**
   * A reduction as a window.
   *
   * @param from the shape of the input
   * @param image the shape under which the window slides over it
   * @param height the rows of the window
   * @param width the columns of the window
   * @param to the shape of the result
   */
  private record Slide(
      List<Integer> from, List<Integer> image, int height, int width, List<Integer> to) {

    List<Node> nodes(Node reduction) {
      List<Node> nodes = new ArrayList<>();
      String read = reduction.input();
      if (!image.equals(from)) {
        Added added = new Added("%s''%s".formatted(read, reduction.id()), 0);
        nodes.add(
            new Node(
                added,
                reduction.op(),
                OpKind.RESHAPE.type(),
                List.of(read),
                Optional.of(image),
                Attributes.NONE));
        read = nodes.get(0).id();
      }
      List<Integer> reduced = List.of(image.get(0) / height, image.get(1) / width, image.get(2));
      // The average of a whole image is a vector, too: see the integer op.
      boolean vector =
          reduction.is(OpKind.MEAN) && to.size() == 1 && to.equals(reduced.subList(2, 3));
      boolean last = vector || reduced.equals(to);
      if (last) {
        nodes.add(
            reduction.as(reduction.type(), List.of(read), window()).withShape(Optional.of(to)));
        return nodes;
      }
      Added added = new Added(reduction.id(), 2);
      nodes.add(
          new Node(
              added,
              reduction.op(),
              reduction.type(),
              List.of(read),
              Optional.of(reduced),
              window()));
      nodes.add(
          reduction
              .as(OpKind.RESHAPE.type(), List.of(added.id()), Attributes.NONE)
              .withShape(Optional.of(to)));
      return nodes;
    }

    private Attributes window() {
      return new Attributes(
          Map.of("ksize", List.of(1L, (long) height, (long) width, 1L), "strides", ONES),
          Map.of("padding", "VALID", "data_format", "NHWC"),
          Map.of());
    }
  }

  private static Optional<Slide> slide(OpGraph graph, Node node) {
    Optional<List<Integer>> from = graph.node(node.input()).shape();
    Optional<Literal> axes = graph.node(node.inputs().get(1)).literal();
    if (from.isEmpty() || axes.isEmpty() || node.shape().isEmpty()) {
      return Optional.empty();
    }
    int rank = from.get().size() + 1;
    Set<Integer> reduced = new HashSet<>();
    axes.get().integers().forEach(axis -> reduced.add(Math.floorMod(axis, rank)));
    long size = from.get().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    return reduced.contains(0) || size > Integer.MAX_VALUE
        ? Optional.empty()
        : slide(from.get(), reduced, node.shape().get());
  }

  private static Optional<Slide> slide(List<Integer> from, Set<Integer> reduced, List<Integer> to) {
    if (from.size() == 3 && !reduced.contains(3)) {
      return Optional.of(
          new Slide(
              from,
              from,
              reduced.contains(1) ? from.get(0) : 1,
              reduced.contains(2) ? from.get(1) : 1,
              to));
    }
    List<Integer> wide =
        IntStream.range(0, from.size()).filter(i -> from.get(i) > 1).boxed().toList();
    List<Integer> places =
        IntStream.range(0, wide.size())
            .filter(i -> reduced.contains(wide.get(i) + 1))
            .boxed()
            .toList();
    int first = places.isEmpty() ? 0 : places.get(0);
    int end = first + places.size();
    if (!places.equals(IntStream.range(first, end).boxed().toList())) {
      return Optional.empty();
    }
    List<Integer> sizes = wide.stream().map(from::get).toList();
    List<Integer> image =
        List.of(
            product(sizes.subList(0, first)),
            product(sizes.subList(first, end)),
            product(sizes.subList(end, sizes.size())));
    return Optional.of(new Slide(from, image, 1, image.get(1), to));
  }

  private static int product(List<Integer> sizes) {
    return sizes.stream().reduce(1, (a, b) -> a * b);
  }
}
