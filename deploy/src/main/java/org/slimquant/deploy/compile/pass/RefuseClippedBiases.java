package org.slimquant.deploy.compile.pass;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.UninitializedVariables;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/**
 * Refuses biases with an element beyond 32 bits, which their fake quants clip. The integers would
 * be those of the graph, but both would add another number than the variable has. The graph stays
 * as it is; its weights are constants already.
 *
 * <pre>{@code
 * bias ─▶ Mul, 2^33 ─▶ ClipByValue ─▶ … ─▶ Mul, 2^-33 ─▶
 * 0.7       6.0e9         2^31                  0.25
 *           steps         clip                  site
 * }</pre>
 */
public final class RefuseClippedBiases implements Pass {

  private static final String CLIP = "/clip";
  private static final String STEPS = "/steps";

  /** The bits that calibration allows a bias. */
  private static final int CALIBRATED_BITS = 30;

  private final Session session;

  public RefuseClippedBiases(Session session) {
    this.session = session;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    List<Node> sites = graph.nodes().stream().filter(this::isBias).toList();
    if (sites.isEmpty()) {
      return graph;
    }
    Map<String, float[]> values = read(sites);
    for (Node site : sites) {
      GraphOperation steps = session.graph().operationOrThrow(site.op() + STEPS);
      refuseClipped(
          site,
          value(values, steps.input(0)),
          value(values, steps.output(0)),
          value(values, output(site.op() + CLIP)),
          value(values, output(site.op())),
          refusals);
    }
    return graph;
  }

  /** Returns the values of the biases and of their fake quants' ops, by the names of tensors. */
  private Map<String, float[]> read(List<Node> sites) {
    // A bias that layers share is fetched once, because a result cannot have a name twice.
    Map<String, Output<?>> read = new LinkedHashMap<>();
    for (Node site : sites) {
      Stream.of(
              session.graph().operationOrThrow(site.op() + STEPS).input(0),
              output(site.op() + STEPS),
              output(site.op() + CLIP),
              output(site.op()))
          .forEach(tensor -> read.put(name(tensor), tensor));
    }
    Session.Runner runner = session.runner();
    read.values().forEach(runner::fetch);
    Map<String, float[]> values = new HashMap<>();
    try (Result result = UninitializedVariables.run(session, runner, read.values())) {
      int next = 0;
      for (String name : read.keySet()) {
        values.put(name, FreezeWeights.elements((TFloat32) result.get(next++)));
      }
    }
    return values;
  }

  private Output<?> output(String op) {
    return session.graph().operationOrThrow(op).output(0);
  }

  private static float[] value(Map<String, float[]> values, Output<?> tensor) {
    return Objects.requireNonNull(values.get(name(tensor)));
  }

  private static String name(Output<?> tensor) {
    return tensor.op().name() + ":" + tensor.index();
  }

  /**
   * Returns whether a constant comes from the fake quant of a bias: it has the name of the fake
   * quant's last op.
   */
  private boolean isBias(Node node) {
    GraphOperation clip = session.graph().operation(node.op() + CLIP);
    return node.is(Node.CONSTANT)
        && clip != null
        && OpKind.of(clip.type()) == OpKind.CLIP_BY_VALUE
        && clip.input(0).op().name().equals(node.op() + STEPS);
  }

  private static void refuseClipped(
      Node site, float[] values, float[] steps, float[] clipped, float[] added, Refusals refusals) {
    // NaN, which is refused elsewhere, is not greater than any number.
    List<Integer> channels =
        IntStream.range(0, values.length)
            .filter(i -> Math.abs(steps[i]) > Math.abs(clipped[i]))
            .boxed()
            .toList();
    if (channels.isEmpty()) {
      return;
    }
    int worst =
        channels.stream().max(Comparator.comparingDouble(i -> Math.abs(steps[i]))).orElseThrow();
    double step = added[worst] / (double) clipped[worst];
    refusals.add(
        site,
        "%s in channel %d%s is beyond the 32 bits of a bias, whose step is 2^%d here, and becomes %s"
            .formatted(
                values[worst],
                worst,
                channels.size() > 1 ? " (and %d more)".formatted(channels.size() - 1) : "",
                Math.getExponent(step),
                added[worst]),
        "calibrate again, or let the layer's kernelFrac be larger by %d or its bits fewer"
            .formatted(Math.getExponent(values[worst] / step) + 1 - CALIBRATED_BITS));
  }
}
