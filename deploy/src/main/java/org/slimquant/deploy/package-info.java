/**
 * From a trained graph to an integer model.
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
 *       MatchLayers                      │              a matcher for each kind of integer op
 *       BuildModel                       ▼
 *                                  IntegerModel         all refusals at once
 * }</pre>
 *
 * <p>The compiler's packages, each of which knows those below it only:
 *
 * <ul>
 *   <li>this package: what a user names, and the list of passes;
 *   <li>{@link org.slimquant.deploy.compile.pass}: the passes;
 *   <li>{@link org.slimquant.deploy.compile.match}: the matchers;
 *   <li>{@link org.slimquant.deploy.compile.graph}: the graph.
 * </ul>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>The graph is read once,</b> into records that never change, so that a pass is a function
 *       and its test compares two texts.
 *   <li><b>Weights come from a session run, through their fake quants.</b> Their values are those
 *       that TensorFlow computes with; a code is such a value divided by its step, and must be
 *       whole. So it does not matter what ops a fake quant of a kernel or a bias is composed of,
 *       and a bias that lies on the accumulator's grid by itself needs no site.
 *   <li><b>A clipped bias is refused,</b> although the integers would be those of the graph: the
 *       variable holds another number than both add, and nobody would see it. A clipped weight or
 *       activation is not: that is what calibration chose.
 *   <li><b>The plan says the formats, and the graph must agree.</b> A fake quant of data is checked
 *       against its site, bound by bound. One that is not in the plan is refused.
 *   <li><b>Fake quants move up before anything is matched,</b> to the op that computes. Then every
 *       integer op has the one shape root, biases, activations, fake quant, and a pooling in a
 *       layer is no case of its own: see {@link
 *       org.slimquant.deploy.compile.pass.MoveQuantizersUp}.
 *   <li><b>Of an op and its trainable form the op is read.</b> The form of a dilated convolution,
 *       say, computes what the op computes, and the op is in the graph still: see {@link
 *       org.slimquant.runtime.gradient.TrainableForm}. Where a graph has lost the op, and where a
 *       model is written so, {@link org.slimquant.deploy.compile.pass.DilateConvolutions} finds the
 *       convolution again.
 *   <li><b>Shapes are those that TensorFlow infers.</b> A Reshape is understood by what comes out,
 *       not by how its shape was computed: see {@link
 *       org.slimquant.deploy.compile.pass.SettleShapes}. What TensorFlow leaves open for an unknown
 *       batch it tells for a known one, whatever ops compute the shape. An evaluator of our own
 *       would know the ops that were thought of: see {@link
 *       org.slimquant.deploy.compile.pass.InferShapes}.
 *   <li><b>Dropout is dropped only if that changes no average:</b> the session is asked whether
 *       what it keeps is divided by the share that it keeps. Otherwise another model would be
 *       shipped than the one that was trained: see {@link
 *       org.slimquant.deploy.compile.pass.DropDropout}.
 *   <li><b>A mean or a maximum over axes is a window,</b> so that no machine needs another op: see
 *       {@link org.slimquant.deploy.compile.pass.SlideReductions}.
 *   <li><b>Whether the batch stays the batch</b> follows step by step: the input's first axis is
 *       the batch, and every op that is converted keeps it, or is refused.
 *   <li><b>Averages need codes to average.</b> An average of numbers that are rounded later is not
 *       the rounded average, and an average on the accumulator would need an integer op of its own
 *       for little: a layer of its own costs the model one rounding.
 *   <li><b>Every refusal names an op, a reason and a remedy, and all come at once.</b> An op that
 *       is refused is passed by, to see what is behind it; of each op the first reason is told.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy;

import org.jspecify.annotations.NullMarked;
