/**
 * Compiles a trained graph to an integer model.
 *
 * <pre>{@code
 * TensorFlow's graph ─▶ GraphReader ─▶ OpGraph          the ops that the output needs
 *                                        │
 *       InferShapes, DropDropout,        │              passes: each makes a graph from a graph
 *       DropIdentities, EndBeforeScores, │
 *       FreezeWeights,                   │
 *       RefuseClippedBiases,             │
 *       SettleShapes, SlideReductions,   │
 *       ComposeMovements,                │
 *       FoldQuantizers, FoldClamps,      │
 *       KeepBatches,                     │
 *       ConvolveRows, ConvolveFactors,   │
 *       DilateConvolutions,              │
 *       MoveQuantizersUp,                │
 *       ComposeMirrorPads,               │
 *       ShareQuantizers,                 │
 *       TabulateFunctions,               │              runs elementwise ops on all codes
 *       MatchLayers,                     │              a matcher for each kind of integer op
 *       RequirePlannedGraph,             │
 *       BuildModel                       ▼
 *                                  IntegerModel         or all refusals at once
 * }</pre>
 *
 * <p>The compiler's packages, each of which knows only those below it:
 *
 * <ul>
 *   <li>this package: {@link org.slimquant.deploy.IntegerCompiler} with its list of passes, its
 *       result and its exceptions;
 *   <li>{@code org.slimquant.deploy.compile.pass}: the passes;
 *   <li>{@code org.slimquant.deploy.compile.match}: the matchers;
 *   <li>{@code org.slimquant.deploy.compile.move}: the ops that move elements, written as others;
 *   <li>{@code org.slimquant.deploy.compile.table}: the values of elementwise ops for all codes;
 *   <li>{@code org.slimquant.deploy.compile.graph}: the graph, its ops, and refusals.
 * </ul>
 *
 * <p>To add an integer op:
 *
 * <ol>
 *   <li>{@code org/slimquant/runtime/graph/OpKind.java}: a row with TensorFlow's type, the role,
 *       and the attributes to read. A role that is new goes to {@code OpRole.java}; then javac
 *       demands its case in {@code LayerWalk.java}, which picks the matcher, and in {@code
 *       Grids.java}, which tells which tensors have codes.
 *   <li>{@code compile/match/…Matcher.java}: the forms of the op that integers can compute, and the
 *       remedy for the others.
 *   <li>{@code org/slimquant/model/….java}: a record that {@code IntegerOp.java} permits; then
 *       javac demands its case wherever code handles each integer op.
 * </ol>
 *
 * <p>Design decisions:
 *
 * <ul>
 *   <li><b>The graph is read once,</b> into records that never change. So a pass is a function, and
 *       its test compares two texts.
 *   <li><b>Weights come from a session run, through their fake quants.</b> Their values are those
 *       with which TensorFlow computes. A code is such a value divided by its step, and must be
 *       whole. So the ops of which a fake quant of a kernel or a bias consists do not matter, and a
 *       bias that lies on the accumulator's grid by itself needs no site.
 *   <li><b>A clipped bias is refused,</b> although the integers would be those of the graph. Both
 *       would add another number than the variable has, and nothing would show it. A clipped weight
 *       or activation is not refused: calibration chose it.
 *   <li><b>The plan has the formats, and the graph must agree.</b> A fake quant of data is compared
 *       with its site, bound by bound. A fake quant that is not in the plan is refused.
 *   <li><b>Fake quants move up before anything is matched,</b> to the op that computes. Then every
 *       integer op has one shape: root, biases, activations, fake quant. A pooling in a layer is
 *       not a special case. See {@code MoveQuantizersUp}.
 *   <li><b>The op is read in place of its trainable form,</b> such as that of a dilated
 *       convolution. Both compute the same, and the op is still in the graph. If a graph has lost
 *       the op, or its model was written in that form, {@code DilateConvolutions} finds the
 *       convolution again.
 *   <li><b>Shapes are those that TensorFlow infers.</b> The compiler uses the shape that a Reshape
 *       returns, and does not evaluate how it was computed: see {@code SettleShapes}. For a known
 *       batch, TensorFlow infers the shapes that it leaves open for an unknown one, whatever ops
 *       compute the shape. A separate evaluator would know only some ops. See {@code InferShapes}.
 *   <li><b>Dropout is dropped only if that changes no average:</b> the session tells whether the
 *       elements that it keeps are divided by the share that it keeps. Otherwise the model would
 *       differ from the one that was trained: see {@code DropDropout}.
 *   <li><b>A mean or a maximum over axes is a window,</b> so no target needs another op: see {@code
 *       SlideReductions}.
 *   <li><b>The batch stays the batch.</b> The input's first axis is the batch. An op that does not
 *       keep it is refused.
 *   <li><b>An elementwise function is what it does to all codes.</b> The session runs its ops on
 *       them, so neither the ops nor their spelling matter. The values also tell whether the
 *       function is a clamp or two slopes that are powers of two, which need no table. See {@code
 *       TabulateFunctions}.
 *   <li><b>An average needs codes as its input.</b> An average of numbers that are rounded later is
 *       not the rounded average. An average on the accumulator would need an integer op of its own,
 *       for little gain: without it, the average is a layer of its own and costs the model one
 *       rounding.
 *   <li><b>Every refusal names an op, a reason and a remedy, and all come at once.</b> The compiler
 *       goes on after an op that it refuses, to find the other refusals. It reports the first
 *       reason for each op.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy;

import org.jspecify.annotations.NullMarked;
