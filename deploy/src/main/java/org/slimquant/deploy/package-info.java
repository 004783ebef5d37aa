/**
 * Compiles a trained graph to an integer model.
 *
 * <pre>{@code
 * TensorFlow's graph ─▶ GraphReader ─▶ OpGraph          what the output needs, in records
 *                                        │
 *       InferShapes, DropDropout,        │              passes: each makes a graph of a graph
 *       DropIdentities, EndBeforeScores, │
 *       FreezeWeights,                   │
 *       RefuseClippedBiases,             │
 *       SettleShapes, SlideReductions,   │
 *       FoldQuantizers,                  │
 *       DilateConvolutions,              │
 *       MoveQuantizersUp,                │
 *       ShareQuantizers,                 │
 *       MatchLayers,                     │              a matcher for each kind of integer op
 *       RequirePlannedGraph,             │
 *       BuildModel                       ▼
 *                                  IntegerModel         or all refusals at once
 * }</pre>
 *
 * <p>The compiler's packages, each of which knows only those below it:
 *
 * <ul>
 *   <li>this package: {@link org.slimquant.deploy.IntegerCompiler} with its list of passes, and
 *       what it returns or throws;
 *   <li>{@code org.slimquant.deploy.compile.pass}: the passes;
 *   <li>{@code org.slimquant.deploy.compile.match}: the matchers;
 *   <li>{@code org.slimquant.deploy.compile.graph}: the graph, its ops, and refusals.
 * </ul>
 *
 * <p>To add an integer op:
 *
 * <ol>
 *   <li>{@code org/slimquant/runtime/graph/OpKind.java}: a row with TensorFlow's type, the role,
 *       and the attributes to read. A role that is new goes to {@code OpRole.java}; then javac
 *       demands its case in {@code LayerWalk.java}, which picks the matcher, and in {@code
 *       Grids.java}, which tells what has codes.
 *   <li>{@code compile/match/…Matcher.java}: what of the op integers can compute, and the remedy
 *       for the rest.
 *   <li>{@code org/slimquant/model/….java}: a record that {@code IntegerOp.java} permits; then
 *       javac demands its case wherever something is done for each integer op.
 * </ol>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>The graph is read once,</b> into records that never change, so that a pass is a function
 *       and its test compares two texts.
 *   <li><b>Weights come from a session run, through their fake quants.</b> Their values are those
 *       that TensorFlow computes with; a code is such a value divided by its step, and must be
 *       whole. So the ops that a fake quant of a kernel or a bias consists of do not matter, and a
 *       bias that lies on the accumulator's grid by itself needs no site.
 *   <li><b>A clipped bias is refused,</b> although the integers would be those of the graph: both
 *       would add another number than the variable has, and nothing would show it. A clipped weight
 *       or activation is not refused: calibration chose it.
 *   <li><b>The plan has the formats, and the graph must agree.</b> A fake quant of data is compared
 *       with its site, bound by bound. A fake quant that is not in the plan is refused.
 *   <li><b>Fake quants move up before anything is matched,</b> to the op that computes. Then every
 *       integer op has one shape: root, biases, activations, fake quant. A pooling in a layer is no
 *       case of its own. See {@code MoveQuantizersUp}.
 *   <li><b>The op is read in place of its trainable form,</b> such as that of a dilated
 *       convolution. Both compute the same, and the op is still in the graph. Where a graph has
 *       lost the op, or its model was written in that form, {@code DilateConvolutions} finds the
 *       convolution again.
 *   <li><b>Shapes are those that TensorFlow infers.</b> The compiler looks at the shape that a
 *       Reshape returns, and not at how that shape was computed: see {@code SettleShapes}.
 *       TensorFlow tells for a known batch what it leaves open for an unknown one, whatever ops
 *       compute the shape. An evaluator of our own would know only some ops. See {@code
 *       InferShapes}.
 *   <li><b>Dropout is dropped only if that changes no average:</b> the session tells whether the
 *       elements that it keeps are divided by the share that it keeps. Otherwise the model would
 *       differ from the one that was trained: see {@code DropDropout}.
 *   <li><b>A mean or a maximum over axes is a window,</b> so that no target needs another op: see
 *       {@code SlideReductions}.
 *   <li><b>The batch stays the batch,</b> step by step: the input's first axis is the batch, and
 *       every op that is converted keeps it, or is refused.
 *   <li><b>An average needs codes as its input.</b> An average of numbers that are rounded later is
 *       not the rounded average. An average on the accumulator would need an integer op of its own
 *       for little: a layer of its own costs the model one rounding.
 *   <li><b>Every refusal names an op, a reason and a remedy, and all come at once.</b> The compiler
 *       goes on after an op that it refuses, to find what else is in the way. It tells the first
 *       reason for each op.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy;

import org.jspecify.annotations.NullMarked;
