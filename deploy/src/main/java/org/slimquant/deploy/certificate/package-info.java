/**
 * The proof, made anew for every model, that the float32 graph which was trained and the integers
 * which are shipped compute the same codes.
 *
 * <pre>{@code
 * IntegerModel ─▶ Prover ─▶ SumProof of each sum ─▶ OpProof ─▶ ExactnessCertificate
 *                   │                                               │
 *                   └─▶ RoundingBits                                └─▶ CertificateText, CertificateJson
 * }</pre>
 *
 * <p>An op passes on exactness: if its inputs have the same codes on both sides and every sum it
 * computes keeps the rules in {@link org.slimquant.deploy.certificate.Rule}, its output has the
 * same codes. So a model is exact if all its ops are, op by op, from the input on.
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>Bounds come from the kernel's codes and the input's code range,</b> not from shapes: the
 *       largest partial sum of a real kernel is often a tenth of what its shape allows. For what
 *       follows a ReLU the positive and the negative products are added apart, because they reach
 *       their extremes for different inputs.
 *   <li><b>Any subset of the products, with the bias or without it, is a partial sum.</b> So the
 *       order of summation, blocking, vectors and threads do not matter.
 *   <li><b>2^24 is still exact,</b> 2^24 + 1 is not: the rule is at most, not less than.
 *   <li><b>The rounding rule is what the op needs, not {@code n + s <= 24} itself,</b> which
 *       implies it: unsigned formats have no lower bound to subtract, and a shift so far that no
 *       sum reaches a tie does no harm. {@link org.slimquant.deploy.certificate.RoundingBits} has
 *       the derivation.
 *   <li><b>Not proven is not wrong.</b> A certificate looks at bounds, so it may fail to prove what
 *       holds; the integer engine computes right in any case. It never certifies what does not
 *       hold: tests hold certified models against TensorFlow, and show for each rule a model just
 *       beyond it that differs.
 *   <li><b>What one kind of machine computes wrongly is not exact.</b> {@link
 *       org.slimquant.deploy.certificate.Rule#SINGLE_COLUMN} names the convolutions whose sums
 *       TensorFlow 2.18 gets wrong with oneDNN and AVX-512. A certificate is valid on every
 *       machine, so it refuses them also where they are right. What depends on settings that the
 *       user chooses is an {@link org.slimquant.deploy.certificate.Assumption}.
 *   <li><b>JSON by gson,</b> not by protobuf: a schema of its own would be a second place for what
 *       the records say, and protobuf's JSON writes 64-bit integers as text.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.certificate;

import org.jspecify.annotations.NullMarked;
