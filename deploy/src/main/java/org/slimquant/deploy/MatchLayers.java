package org.slimquant.deploy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.Refusals.RefusedException;
import org.slimquant.format.FixedPoint;

/**
 * Matches every stretch of the graph that becomes one integer op.
 *
 * <pre>{@code
 * x ─▶ Conv2D ─▶ BiasAdd ─▶ Relu ─▶ Quantize ─▶ MaxPool ─▶          before
 * x ─▶ Conv2D ─────────────────────────────────▶ MaxPool ─▶         after
 * }</pre>
 *
 * <p>The walk goes from the output to the input: a tensor that somebody needs in codes ends a
 * {@link Stage}, whose matcher says which tensors it needs in turn. An op within a stage that is
 * refused is passed by, to find what else is in the way.
 */
final class MatchLayers {

  /**
   * What a graph becomes.
   *
   * @param input what the model is given
   * @param inputFormat its format, if nothing is in the way
   * @param drafts the ops in the order in which they are computed
   */
  record Matched(Node input, Optional<FixedPoint> inputFormat, List<Draft> drafts) {}

  private static final FixedPoint ANY = FixedPoint.signed(8, 0);

  private final MatchContext context;
  private final Refusals refusals;

  /** What must have codes. */
  private final Set<String> needed = new HashSet<>();

  /** What lies behind an op that was refused. */
  private final Set<String> passed = new HashSet<>();

  /** What is refused already as a whole, or never in the way. */
  private final Set<String> skipped = new HashSet<>();

  private final List<FixedPoint> inputFormats = new ArrayList<>();
  private final List<Draft> drafts = new ArrayList<>();

  private MatchLayers(MatchContext context, Refusals refusals) {
    this.context = context;
    this.refusals = refusals;
  }

  /**
   * Returns the ops of a graph.
   *
   * @param refusals gets what is in the way
   */
  static Matched match(MatchContext context, Refusals refusals) {
    return new MatchLayers(context, refusals).match();
  }

  private Matched match() {
    Dataflow graph = context.graph();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    Collections.reverse(nodes);
    Node input = context.input();
    attempt(input, () -> context.shape(input));
    skipped.addAll(Sizes.of(graph));
    FloatEnds.beginning(context).ifPresent(this::skip);
    demand(graph.output());
    for (Node node : nodes) {
      if (needed.contains(node.id())) {
        matchOne(node);
      } else if (passed.contains(node.id())) {
        passBy(node);
      }
    }
    Collections.reverse(drafts);
    return new Matched(input, inputFormat(input), drafts);
  }

  private Optional<FixedPoint> inputFormat(Node input) {
    Collections.reverse(inputFormats);
    if (inputFormats.size() > 1) {
      refusals.add(
          input,
          "it is quantized to several formats: %s".formatted(inputFormats),
          "give it one format");
    }
    return inputFormats.stream().findFirst();
  }

  private void skip(FloatEnds end) {
    refusals.add(end.refused(), end.reason(), end.remedy());
    skipped.addAll(end.ops());
  }

  private void demand(Node output) {
    Optional<FloatEnds> end = FloatEnds.end(context);
    if (end.isPresent()) {
      skip(end.get());
      end.get().ops().forEach(id -> context.graph().node(id).inputs().forEach(this::pass));
      return;
    }
    if (context.grids().of(output.id()).isEmpty()) {
      refusals.add(context.noFormat(output, "the model returns"));
    }
    pass(output.id());
  }

  private void matchOne(Node node) {
    if (node.is(Node.QUANTIZE) && skipped.contains(context.graph().node(node.input()).id())) {
      return;
    }
    FixedPoint format = context.grids().of(node.id()).orElseThrow();
    if (node.is(Node.QUANTIZE) && context.graph().node(node.input()).is(Node.INPUT)) {
      inputFormats.add(format);
      return;
    }
    Stage stage = Stage.of(context, node, format);
    boolean matched =
        attempt(
            stage.root(),
            () -> {
              Draft draft = draft(stage);
              context.shape(node);
              drafts.add(draft);
              needed.addAll(draft.reads());
            });
    if (!matched) {
      node.inputs().forEach(this::pass);
    }
  }

  private Draft draft(Stage stage) {
    Node root = stage.root();
    boolean own = root.equals(stage.output());
    if (!own && !root.is("ConcatV2") && context.grids().of(root.id()).isPresent()) {
      return RequantizeMatcher.match(stage);
    }
    return switch (root.type()) {
      case "Conv2D", "DepthwiseConv2dNative" -> ConvolutionMatcher.match(stage);
      case "MatMul" -> DenseMatcher.match(stage);
      case "AvgPool", "Mean" -> AverageMatcher.match(stage);
      case "Add", "AddV2" -> JoinMatcher.add(stage);
      case "ConcatV2" -> JoinMatcher.concat(stage);
      case "Max", "MaxPool", "MaxPoolV2", "Pad", "PadV2", "Reshape" -> KeeperMatcher.match(stage);
      default -> throw stage.noFormat();
    };
  }

  /**
   * Runs a check, and returns whether nothing was refused.
   *
   * @param node what is refused if the integer model has no such thing
   */
  private boolean attempt(Node node, Runnable check) {
    try {
      check.run();
      return true;
    } catch (RefusedException e) {
      refusals.add(e);
      return false;
    } catch (IllegalArgumentException e) {
      refusals.add(node, e);
      return false;
    }
  }

  private void passBy(Node node) {
    if (!OpCatalog.knows(node.type())) {
      OpCatalog.refuse(context.graph(), node, refusals);
    } else if (!node.inputs().isEmpty() && !Grids.MOVERS.contains(node.type())) {
      // What it would become, to see what is in the way of that.
      attempt(node, () -> draft(Stage.of(context, node, ANY)));
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      String input = node.inputs().get(i);
      if (OpCatalog.readsData(node.type(), i) || context.hasCodes(context.graph().node(input))) {
        pass(input);
      }
    }
  }

  private void pass(String input) {
    Node node = context.graph().node(input);
    if (skipped.contains(node.id())) {
      return;
    }
    (context.grids().of(node.id()).isPresent() ? needed : passed).add(node.id());
  }
}
