/**
 * The proof that the float32 graph which was trained and the integers which are shipped compute the
 * same codes. It is made anew for every model.
 *
 * <pre>{@code
 * IntegerModel ─▶ Prover ─▶ SumProof of each sum ─▶ OpProof ─▶ ExactnessCertificate
 *                   │                                               │
 *                   └─▶ RoundingBits                                └─▶ CertificateText, CertificateJson
 * }</pre>
 *
 * <p>An op passes on exactness. If its inputs have the same codes on both sides, and every sum that
 * it computes keeps the rules in {@link org.slimquant.deploy.certificate.Rule}, its output has the
 * same codes. So a model is exact if all its ops are.
 *
 * <p>Design decisions:
 *
 * <ul>
 *   <li><b>Bounds come from the kernel's codes and the input's code range,</b> not from shapes. The
 *       largest partial sum of a real kernel is often a tenth of the largest that its shape allows.
 *       For the output of a ReLU, the positive and the negative products are added separately,
 *       because they reach their extremes for different inputs.
 *   <li><b>Any subset of the products, with the bias or without it, is a partial sum.</b> So the
 *       order of summation, blocking, vectors and threads do not matter.
 *   <li><b>2^24 is still exact,</b> and 2^24 + 1 is not. So the rule is "at most", not "less than".
 *   <li><b>The rounding rule is the weakest that the op needs, not {@code n + s <= 24},</b> which
 *       implies it. Unsigned formats have no lower bound to subtract, and a shift so large that no
 *       sum reaches a tie does no harm. {@link org.slimquant.deploy.certificate.RoundingBits} has
 *       the derivation.
 *   <li><b>Not proven is not wrong.</b> A certificate looks at bounds, so it may fail to prove a
 *       model that is exact. The integer engine computes correctly in any case. A certificate never
 *       certifies a model that is not exact: tests compare certified models with TensorFlow, and
 *       show for each rule a model just beyond it that differs.
 *   <li><b>A sum that one kind of machine computes wrongly is not exact.</b> {@link
 *       org.slimquant.deploy.certificate.Rule#SINGLE_COLUMN} names the convolutions whose sums
 *       TensorFlow 2.18 gets wrong with oneDNN and AVX-512. A certificate is valid on every
 *       machine, so it refuses them also where they are right. A condition on settings that the
 *       user chooses is an {@link org.slimquant.deploy.certificate.Assumption}.
 *   <li><b>JSON by gson,</b> not by protobuf: a schema would repeat the fields of the records, and
 *       protobuf's JSON writes 64-bit integers as text.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.certificate;

import org.jspecify.annotations.NullMarked;
