package org.slimquant.deploy.certificate;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

final class CertificateTest {
  @Test
  void show() {
    System.out.println(ExactnessCertificate.of(RandomModels.certified(new java.util.Random(3))));
    System.out.println(
        ExactnessCertificate.of(
            OneOp.requantize(
                org.slimquant.engine.TensorFormat.unsigned(16, 0),
                org.slimquant.engine.TensorFormat.signed(16, 9))));
    assertThat(ExactnessCertificate.assumptions()).isNotEmpty();
  }
}
