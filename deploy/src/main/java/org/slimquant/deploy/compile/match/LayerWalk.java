package org.slimquant.deploy.compile.match;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.graph.OpKind;

/**
 * The walk over a graph that matches its layers, from the outputs to the inputs. A tensor that must
 * have codes ends a {@link FusedOp}, whose matcher says which tensors must have codes in turn. The
 * walk goes on after an op that is refused, to find the other refusals.
 */
public final class LayerWalk {

  private static final FixedPoint ANY = FixedPoint.signed(8, 0);

  private final MatchContext context;
  private final Refusals refusals;

  /** The nodes that must have codes. */
  private final Set<String> needed = new HashSet<>();

  /** The nodes above an op that was refused. */
  private final Set<String> passed = new HashSet<>();

  /** The nodes that are refused already as a whole, or are never refused. */
  private final Set<String> skipped = new HashSet<>();

  /** The fake quants of the inputs. */
  private final List<Node> inputs = new ArrayList<>();

  /** The integer ops. */
  private final List<Node> ops = new ArrayList<>();

  /**
   * Creates a walk.
   *
   * @param refusals gets the refusals
   */
  public LayerWalk(MatchContext context, Refusals refusals) {
    this.context = context;
    this.refusals = refusals;
  }

  /** Returns the graph of integer ops; the graph itself, if an op is refused. */
  public OpGraph match() {
    OpGraph graph = context.graph();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    Collections.reverse(nodes);
    List<Node> given = context.inputs();
    given.forEach(input -> attempt(input, () -> context.shape(input)));
    skipped.addAll(Sizes.of(graph));
    given.forEach(input -> FloatEnds.beginning(context, input).ifPresent(this::skip));
    demandAll();
    for (Node node : nodes) {
      if (needed.contains(node.id())) {
        matchOne(node);
      } else if (passed.contains(node.id())) {
        passBy(node);
      }
    }
    Collections.reverse(inputs);
    given.forEach(this::requireOneFormat);
    if (!refusals.isEmpty()) {
      return graph;
    }
    given.forEach(this::requireReader);
    return refusals.isEmpty() ? graph.with(matched(given)) : graph;
  }

  private List<Node> matched(List<Node> given) {
    List<Node> matched = new ArrayList<>(given);
    matched.addAll(inputs);
    matched.addAll(ops);
    return matched;
  }

  private void requireOneFormat(Node input) {
    List<FixedPoint> formats =
        inputs.stream()
            .filter(node -> node.input().equals(input.id()))
            .flatMap(node -> context.grids().of(node.id()).stream())
            .toList();
    if (formats.size() > 1) {
      refusals.add(
          input, "it is quantized to several formats: %s".formatted(formats), "give it one format");
    }
  }

  /** Requires that an integer op reads an input, as a model demands. */
  private void requireReader(Node input) {
    boolean read =
        ops.stream()
            .flatMap(op -> op.inputs().stream())
            .map(context.graph()::node)
            .anyMatch(node -> node.is(Node.QUANTIZE) && node.input().equals(input.id()));
    if (!read) {
      refusals.add(
          input,
          "no op of the model reads its values",
          "leave it out, and leave it out of the outputs too if it is one");
    }
  }

  private void demandAll() {
    Set<String> demanded = new HashSet<>();
    for (String output : context.graph().outputs()) {
      Node node = context.graph().node(output);
      demand(node);
      if (!demanded.add(output)) {
        refusals.add(
            node,
            "it is the end of two outputs, because the ops after it stay outside of the model",
            "list one of them");
      }
    }
  }

  private void skip(FloatEnds end) {
    refusals.add(end.refused(), end.reason(), end.remedy());
    skipped.addAll(end.ops());
  }

  private void demand(Node output) {
    Optional<FloatEnds> end = FloatEnds.end(context, output);
    if (end.isPresent()) {
      skip(end.get());
      end.get().ops().forEach(id -> context.graph().node(id).inputs().forEach(this::pass));
      return;
    }
    if (context.grids().of(output.id()).isEmpty()) {
      refusals.add(context.noFormatOfOutput(output));
    }
    pass(output.id());
  }

  private void matchOne(Node node) {
    if (node.is(Node.QUANTIZE) && skipped.contains(context.graph().node(node.input()).id())) {
      return;
    }
    FixedPoint format = context.grids().of(node.id()).orElseThrow();
    if (node.is(Node.QUANTIZE) && context.graph().node(node.input()).is(Node.INPUT)) {
      inputs.add(node);
      return;
    }
    FusedOp fused = FusedOp.of(context, node, format);
    boolean matched =
        attempt(
            fused.root(),
            () -> {
              Node op = matched(fused);
              context.shape(node);
              ops.add(op);
              needed.addAll(op.inputs());
            });
    if (!matched) {
      node.inputs().forEach(this::pass);
    }
  }

  private Node matched(FusedOp fused) {
    Node root = fused.root();
    boolean own = root.equals(fused.output());
    if (!own && !root.role().roundsItself() && context.grids().of(root.id()).isPresent()) {
      return RequantizeMatcher.match(fused);
    }
    if (root.is(Node.FUNCTION)) {
      return FunctionMatcher.match(fused);
    }
    return switch (root.role()) {
      case CONVOLUTION -> ConvolutionMatcher.match(fused);
      case PRODUCT ->
          root.is(OpKind.MAT_MUL) ? DenseMatcher.match(fused) : MatMulMatcher.match(fused);
      case AVERAGE -> AverageMatcher.match(fused);
      case ARITHMETIC, SUM -> ArithmeticMatcher.match(fused);
      case JOIN -> JoinMatcher.concat(fused);
      case MOVER -> FormatPreservingMatcher.move(fused);
      case MOVEMENT -> throw MovementRefusals.of(fused);
      case TRANSPOSED_CONVOLUTION -> throw MovementRefusals.ofTransposed(fused);
      case MAXIMUM, PADDING, SHAPER -> FormatPreservingMatcher.match(fused);
      case ACTIVATION,
          BIAS,
          CHOICE,
          FACTOR,
          FAKE_QUANT,
          FILL,
          FLOAT_CONVOLUTION,
          FLOAT_MOVER,
          FLOAT_PRODUCT,
          IDENTITY,
          OTHER,
          SCORE,
          SIZE,
          WEIGHT ->
          throw fused.noFormat();
    };
  }

  /**
   * Runs a check, and returns whether nothing was refused.
   *
   * @param node the node that is refused if the integer model does not allow it
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
    if (!node.isInteger()) {
      FloatOps.refuse(context.graph(), node, refusals);
    } else if (!node.inputs().isEmpty() && !node.role().isMover()) {
      // Matches it all the same, to find the refusals.
      attempt(node, () -> matched(FusedOp.of(context, node, ANY)));
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      String input = node.inputs().get(i);
      if (node.role().readsData(i) || context.hasCodes(context.graph().node(input))) {
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
