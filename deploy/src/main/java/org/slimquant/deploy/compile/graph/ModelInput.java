package org.slimquant.deploy.compile.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.OpKind;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Finds the tensor at which a model begins, from the tensor that a caller gives. */
public final class ModelInput {

  private static final Set<Kind> WEIGHTS = Set.of(Kind.KERNEL, Kind.BIAS);

  private ModelInput() {}

  /**
   * Returns the tensor that a fake quant of the plan rounds, if a caller gives the fake quant's
   * output; otherwise the given tensor. So the fake quant is always in the model, and is compared
   * with the plan.
   *
   * <pre>{@code
   * Relu ─▶ conv1/SlimQuant/output ─▶ Conv2D
   *   ▲ the model's input      ▲ the tensor that a layer returned
   * }</pre>
   *
   * @throws IllegalArgumentException if it is a kernel or a bias
   */
  public static Output<?> of(QuantizationPlan plan, Output<?> given) {
    String tensor = "%s:%d".formatted(given.op().name(), given.index());
    for (Site site : plan.sites()) {
      boolean quantized = tensor.equals(site.name() + ":0");
      if (WEIGHTS.contains(site.kind()) && (quantized || tensor.equals(site.tensor()))) {
        throw new IllegalArgumentException(
            "the input must be what a model is fed, but %s is the %s of site %s; give the placeholder"
                .formatted(
                    GraphReader.id(given),
                    site.kind().name().toLowerCase(Locale.ROOT),
                    site.name()));
      }
      if (quantized) {
        return rounded((GraphOperation) given.op());
      }
    }
    return given;
  }

  /**
   * Returns the tensor that a fake quant rounds. A fake quant has several forms, which end with
   * different ops: see {@code FoldQuantizers}.
   */
  private static Output<?> rounded(GraphOperation fakeQuant) {
    Output<?> read = fakeQuant.input(0);
    return switch (OpKind.of(fakeQuant.type())) {
      case FAKE_QUANT -> read;
      case ADD_V2 -> ((GraphOperation) read.op()).input(0);
      default -> fakeQuant.output(0); // another op with the same name
    };
  }

  /**
   * Returns the error for an input on which no output depends. It names the tensor to give instead.
   *
   * @param needed the ops on which the outputs depend
   */
  static IllegalArgumentException reachesNone(
      Output<?> input, List<Output<?>> outputs, Collection<Node> needed) {
    String names = String.join(", ", outputs.stream().map(GraphReader::id).toList());
    return new IllegalArgumentException(
        outputs.size() == 1
            ? "the output must depend on the input, but %s does not depend on %s; %s"
                .formatted(names, GraphReader.id(input), remedy(input, outputs, needed))
            : "each input must reach an output, but none of %s depends on %s; leave it out, or %s"
                .formatted(names, GraphReader.id(input), remedy(input, outputs, needed)));
  }

  private static String remedy(Output<?> input, List<Output<?>> outputs, Collection<Node> needed) {
    boolean swapped =
        outputs.stream()
            .anyMatch(output -> reads((GraphOperation) input.op(), (GraphOperation) output.op()));
    if (swapped) {
      return "it is the other way round: give the input first, then the output";
    }
    List<String> placeholders = placeholders(needed);
    return placeholders.isEmpty()
        ? "give an output that is computed from it"
        : "give the placeholder that it is computed from, %s"
            .formatted(String.join(" or ", placeholders));
  }

  /**
   * Returns the error for an output that depends on no input.
   *
   * @param needed the ops on which it depends
   */
  static IllegalArgumentException dependsOnNone(String output, Collection<Node> needed) {
    List<String> placeholders = placeholders(needed);
    return new IllegalArgumentException(
        "each output must depend on an input, but %s depends on none; leave it out%s"
            .formatted(
                output,
                placeholders.isEmpty()
                    ? ""
                    : ", or list %s as an input".formatted(String.join(" and ", placeholders))));
  }

  private static List<String> placeholders(Collection<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.type().startsWith("Placeholder"))
        .map(Node::op)
        .toList();
  }

  private static boolean reads(GraphOperation reader, GraphOperation read) {
    Set<GraphOperation> seen = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of(reader));
    while (!open.isEmpty()) {
      GraphOperation operation = open.pop();
      if (operation.equals(read)) {
        return true;
      }
      if (seen.add(operation)) {
        IntStream.range(0, operation.numInputs())
            .forEach(i -> open.push((GraphOperation) operation.input(i).op()));
      }
    }
    return false;
  }
}
