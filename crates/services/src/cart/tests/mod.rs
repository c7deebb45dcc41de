mod belonging;
mod merging;
mod shop;
