db.define_table("thing", Field("name"), Field("attached", "upload"))
