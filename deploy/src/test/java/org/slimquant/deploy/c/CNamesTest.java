package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CNamesTest {

  @ParameterizedTest
  @CsvSource({
    "LeNet, lenet",
    "my model!, my_model",
    "9lives, model_9lives",
    "\u043c, model",
    "string, string_model",
    "aux, aux_model",
    "COM1, com1_model",
    "abcdefghijklmnopqrstuvwxyz, abcdefghijklmnopqrst",
    "__x__, x",
    "x_test, x_test_model",
    "X Test, x_test_model",
    "_test, test",
    "fifteen_letters_testing, fifteen_letters_test_model",
  })
  void model(String name, String identifier) {
    assertThat(CNames.model(name)).isEqualTo(identifier);
  }

  @Test
  void theSameTwice() {
    CNames names = new CNames();

    assertThat(names.unique("a/b:0", "tensor")).isEqualTo("a_b");
    assertThat(names.unique("a b", "tensor")).isEqualTo("a_b_2");
    assertThat(names.unique("a_b_2", "tensor")).isEqualTo("a_b_2_2");
    assertThat(names.unique("a_b", "tensor")).isEqualTo("a_b_3");
  }

  @Test
  void nothingThatCHas() {
    CNames names = new CNames();

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
