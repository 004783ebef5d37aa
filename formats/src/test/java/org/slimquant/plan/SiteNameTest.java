package org.slimquant.plan;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

final class SiteNameTest {

  @Test
  void aNameIsReadAsItIsWritten() {
    for (String name :
        new String[] {
          "conv1/SlimQuant/kernel", "block1/conv_1/SlimQuant/images", "a/SlimQuant/b"
        }) {
      assertThat(SiteName.parse(name).orElseThrow().toString()).isEqualTo(name);
    }
    assertThat(SiteName.parse("block1/conv_1/SlimQuant/kernel"))
        .hasValue(new SiteName("block1/conv_1", SiteName.KERNEL));
  }

  @Test
  void otherNames() {
    assertThat(SiteName.parse("conv1/Conv2D")).isEmpty();
    assertThat(SiteName.parse("SlimQuant/int8_frac-7/max")).isEmpty();
    assertThat(SiteName.parse("/SlimQuant/kernel")).isEmpty();
    assertThat(SiteName.callOf("conv1/Conv2D")).isEqualTo("conv1/Conv2D");
    assertThat(SiteName.callOf("conv1/SlimQuant/output")).isEqualTo("conv1");
  }

  @Test
  void numbersOfCalls() {
    assertThat(SiteName.call("conv", 0)).isEqualTo("conv");
    assertThat(SiteName.call("conv", 12)).isEqualTo("conv_12");
    assertThat(SiteName.firstCall("conv_12")).isEqualTo("conv");
    assertThat(SiteName.firstCall("conv")).isEqualTo("conv");
    assertThat(SiteName.firstCall("conv_a")).isEqualTo("conv_a");
  }
}
