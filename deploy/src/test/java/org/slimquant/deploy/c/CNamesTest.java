package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

class CNamesTest {

  @Test
  void theSameTwice() {
    CNames names = new CNames(0);

    assertThat(names.unique("a/b:0", "tensor")).isEqualTo("a_b");
    assertThat(names.unique("a b", "tensor")).isEqualTo("a_b_2");
    assertThat(names.unique("a_b_2", "tensor")).isEqualTo("a_b_2_2");
    assertThat(names.unique("a_b", "tensor")).isEqualTo("a_b_3");
  }

  @Test
  void capitals() {
    CNames names = new CNames(0);

    assertThat(names.uniqueCapital("conv1/Conv2D", "layer")).isEqualTo("Conv1_Conv2D");
    assertThat(names.uniqueCapital("Conv1/Conv2D", "layer")).isEqualTo("Conv1_Conv2D_2");
    assertThat(names.uniqueCapital("1", "layer")).isEqualTo("Layer_1");
  }

  /** Together with affixes and a number. */
  @Test
  void sixtyThreeCharacters() {
    CNames names = new CNames(20);

    assertThat(names.unique("x".repeat(100), "tensor")).isEqualTo("x".repeat(38));
    assertThat(names.unique("x".repeat(101), "tensor")).isEqualTo("x".repeat(38) + "_2");
    assertThat(names.unique("x".repeat(37) + "/y:0", "tensor")).isEqualTo("x".repeat(37));
  }

  @Test
  void nothingThatCHas() {
    CNames names = new CNames(0);

    assertThat(names.unique("\ud83d\ude00", "tensor")).isEqualTo("tensor");
    assertThat(names.unique("//", "tensor")).isEqualTo("tensor_2");
    assertThat(names.unique("1", "tensor")).isEqualTo("tensor_1");
  }

  @Test
  void comments() {
    assertThat(CNames.comment("a */ b /* c \\ ?? \n \u00e9")).isEqualTo("a * / b / * c . .. . .");
    assertThat(CNames.comment("**//**/")).doesNotContain("*/");
    assertThat(CNames.comment("/*/*/")).doesNotContain("/*");
    assertThat(CNames.comment("x".repeat(61))).isEqualTo("x".repeat(60) + "...");
  }

  @Test
  void strings() {
    assertThat(CNames.quoted("a \"b\" \\ ??/ %s\n")).isEqualTo("\"a \\\"b\\\" . ../ %s.\"");
  }
}
