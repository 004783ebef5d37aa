package models;

class Base {

  static class Calibrated {}

  static class Map {}

  static class Operand {}

  static class Stride {}

  static class String {}

  static class Thread {}
}
