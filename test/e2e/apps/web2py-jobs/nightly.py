db.auth_group.insert(role=f"script of {request.application}")
