package models;

class Operand {}
